import { expect, test } from 'vitest';
import { codeOnly, importsOf, packageOf, read, sourceFiles } from './source.ts';

/** The core knows no time, chance, environment or network, so that a recorded step can be replayed anywhere. */

const PACKAGES = new Set(['zod', 'uuidv7', '@noble/hashes']);

const FORBIDDEN: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  {
    what: 'the time of day',
    pattern: /\bDate\s*\.\s*now\b|\bnew\s+Date\b|\bDate\s*\(|\bperformance\b|\bTemporal\b/,
  },
  {
    what: 'chance',
    pattern: /\bMath\s*\.\s*random\b|\bcrypto\b|\brandomUUID\b|\buuidv7\s*\(|\buuidv7obj\b|\bV7Generator\b/,
  },
  { what: 'the process', pattern: /\bprocess\b|\bglobalThis\b|\bDeno\b|\bBun\b/ },
  { what: 'the network', pattern: /\bfetch\b|\bXMLHttpRequest\b|\bWebSocket\b|\bhttps?\b/ },
  {
    what: 'a timer',
    pattern: /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\bawait\b|\basync\b/,
  },
  { what: 'the console', pattern: /\bconsole\b/ },
  { what: 'the locale', pattern: /\bIntl\b|\btoLocale\w+\b|\blocaleCompare\b/ },
];

/** What a source text of the core uses and must not. */
function impurities(source: string): string[] {
  const code = codeOnly(source);
  const named = FORBIDDEN.flatMap(({ what, pattern }) => {
    const found = pattern.exec(code);
    return found === null ? [] : [`${what}: ${found[0]}`];
  });
  const strays = importsOf(source).flatMap((found) => {
    const name = packageOf(found);
    return name === undefined || PACKAGES.has(name) ? [] : [`package: ${name}`];
  });
  return [...named, ...strays];
}

test('core names no clock, no chance, no process, no network, no timer, and imports three packages only', () => {
  const files = sourceFiles('core');
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap((file) => impurities(read(file)).map((found) => `${file}: ${found}`))).toEqual([]);
});

test.each([
  ['the time of day', 'const now = Date.now();'],
  ['the time of day', 'const now = `at ${new Date().toISOString()}`;'],
  ['the time of day', 'const from = performance.now();'],
  ['chance', 'const n = Math.random();'],
  ['chance', 'const id = crypto.randomUUID();'],
  ['chance', `import { uuidv7 } from 'uuidv7';\nconst id = uuidv7();`],
  ['the process', 'const town = process.env.TOWN;'],
  ['the network', `const answer = fetch('x');`],
  ['a timer', 'setTimeout(act, 1);'],
  ['package', `import { readFileSync } from 'node:fs';`],
  ['package', `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';`],
  ['package', `import http from 'http';`],
  ['package', `export * from 'node:crypto';`],
])('the check finds %s in: %s', (what, source) => {
  expect(impurities(source).some((found) => found.startsWith(what))).toBe(true);
});

test.each([
  '// Date.now() is not for us',
  `const reason = 'the process has ended';`,
  'const reason = `fetch the ${name} of process ${id}`;',
  String.raw`const slug = text.replaceAll(/[^a-z']+/g, '-'); // process`,
  `import { sha256 } from '@noble/hashes/sha2.js';`,
])('the check lets pass: %s', (source) => {
  expect(impurities(source)).toEqual([]);
});
