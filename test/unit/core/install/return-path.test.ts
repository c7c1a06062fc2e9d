import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { returnPath } from '../../../../core/install/return-path.ts';

const RUNS = 5000;

describe('a path of the console is taken as it stands', () => {
  test.each([
    '/',
    '/integrations',
    '/gastown/onboarding?step=repo',
    '/gastown/onboarding?step=repo&orgId=acme',
    '/gastown/onboarding?step=repo#repositories',
    '/towns/a-b_c.d~e/rigs',
    '/search?q=a%20b',
    '/search?q=1%2B1',
    '/a?next=https://elsewhere.example/',
    '/a#//elsewhere.example',
    '/@somebody',
    `/${'a'.repeat(2047)}`,
  ])('%s', (path) => expect(returnPath(path)).toBe(path));

  test.each([
    ['/a/../b', '/b'],
    ['/./a', '/a'],
    ['/a b', '/a%20b'],
  ])('%s, as a browser makes it out: %s', (given, expected) => expect(returnPath(given)).toBe(expected));
});

describe('what leads elsewhere, or may, is as if it had not been said', () => {
  const rows: readonly (readonly [what: string, given: string])[] = [
    ['nothing', ''],
    ['no path', 'integrations'],
    ['another origin', 'https://evil.example/'],
    ['a host', '//evil.example'],
    ['a host, three times', '///evil.example'],
    ['a backslash for the second slash', '/\\evil.example'],
    ['backslashes for both', '\\\\evil.example'],
    ['a backslash further on', '/a\\b'],
    ['a scheme that runs', 'javascript:alert(1)'],
    ['a scheme that runs, behind a slash', '/\tjavascript:alert(1)'],
    ['a document in the address', 'data:text/html,x'],
    ['a user before a host', '//console.example@evil.example'],
    ['a user before a host, with a backslash', '/\\console.example@evil.example'],
    ['what makes the origin a user', '@evil.example'],
    ['what makes the origin a part of another name', '.evil.example'],
    ['what makes the origin a port', ':80@evil.example'],
    ['a line break', '/a\nb'],
    ['a header', '/a\r\nset-cookie: a=b'],
    ['a tab that parsers drop', '/\t/evil.example'],
    ['a line feed that parsers drop', '/\n/evil.example'],
    ['NUL', '/\0'],
    ['DEL', '/\x7f'],
    ['white space before it', ' /a'],
    ['white space before a host', ' //evil.example'],
    ['letters outside of ASCII', '/é'],
    ['a wide slash', '/／evil.example'],
    ['a byte order mark', '\uFEFF/a'],
    ['a line separator', '/\u2028'],
    ['encoded slashes', '/%2f%2fevil.example'],
    ['an encoded slash', '/%2Fevil.example'],
    ['two encoded slashes and no other', '%2f%2fevil.example'],
    ['an encoded backslash', '/%5cevil.example'],
    ['an encoded header', '/a%0d%0aset-cookie:%20a=b'],
    ['an encoded tab', '/%09/evil.example'],
    ['an encoded NUL', '/%00'],
    ['an encoded DEL', '/%7f'],
    ['encoded letters outside of ASCII', '/%C3%A9'],
    ['half of an escape', '/%'],
    ['an escape that is none', '/%zz'],
    ['bytes that are no text', '/%ff'],
    ['dots that leave a host behind', '/.//evil.example'],
    ['more dots', '/a/..//evil.example'],
    ['encoded dots', '/%2e//evil.example'],
    ['encoded dots and an encoded slash', '/%2e/%2fevil.example'],
    ['more than anybody writes', `/${'a'.repeat(2048)}`],
  ];
  test.each(rows)('%s', (_, given) => expect(returnPath(given)).toBeUndefined());
  it('nothing said', () => expect(returnPath(undefined)).toBeUndefined());
});

/** Texts made of what attacks are made of. */
const attack = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          '/',
          '//',
          '\\',
          '%2f',
          '%2F',
          '%5c',
          '%2e',
          '.',
          '..',
          '@',
          ':',
          '?',
          '#',
        ),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          '\t',
          '\r',
          '\n',
          '\0',
          '\x7f',
          ' ',
          '%0d',
          '%0a',
          '%09',
          '%25',
          '%',
          '%zz',
        ),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom('evil.example', 'https:', 'javascript:', 'a', '／', 'é', '\u2028'),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const given = fc.oneof(
  attack,
  attack.map((text) => `/${text}`),
  fc.webUrl(),
  fc.string(),
);

describe('whatever is given', () => {
  it.each(['https://console.example', 'http://127.0.0.1:4000', 'https://console.example:8443'])(
    'what comes out stays on %s, joined or resolved, as it stands and decoded once',
    (origin) => {
      let taken = 0;
      fc.assert(
        fc.property(given, (text) => {
          const path = returnPath(text);
          if (path === undefined) return;
          taken += 1;
          expect(new URL(path, origin).origin).toBe(origin);
          expect(new URL(origin + path).origin).toBe(origin);
          expect(new URL(decodeURIComponent(path), origin).origin).toBe(origin);
          expect(new URL(text, origin).origin).toBe(origin);
          expect(path).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
          // What was taken is taken again, and stays the same.
          expect(returnPath(path)).toBe(path);
        }),
        { numRuns: RUNS },
      );
      expect(taken).toBeGreaterThan(RUNS / 100);
    },
  );

  it('paths that are made as the console makes them come back as they were', () => {
    const segment = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,10}$/);
    const query = fc.dictionary(segment, segment, { maxKeys: 3 });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), query, (segments, members) => {
        const search = new URLSearchParams(members).toString();
        const path = `/${segments.join('/')}${search === '' ? '' : `?${search}`}`;
        expect(returnPath(path)).toBe(path);
      }),
      { numRuns: RUNS },
    );
  });
});
