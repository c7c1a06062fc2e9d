import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type Fixture } from '../api/fixture.ts';

/** Of an installation of which only the API runs: what is asked of a town, nobody does. `npm run soak:tour` runs it where all of it works. */
let fixture: Fixture;
let town: Awaited<ReturnType<Fixture['town']>>;
beforeAll(async () => {
  fixture = await startFixture();
  town = await fixture.town('owner');
});
afterAll(() => fixture.close());

const SCRIPT = fileURLToPath(new URL('../../../bin/smoke.ts', import.meta.url));
const smoke = (words: readonly string[], env: Record<string, string> = {}) =>
  execa(process.execPath, ['--disable-warning=ExperimentalWarning', SCRIPT, ...words], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    extendEnv: false,
    reject: false,
    timeout: 25_000,
    all: true,
  });
const reached = () => ({ GASTOWN_URL: fixture.apiUrl, GASTOWN_TOKEN: town.token });

interface Row {
  readonly situation: string;
  readonly words: readonly string[];
  readonly env?: () => Record<string, string>;
  readonly exitCode: number;
  readonly says: readonly RegExp[];
}

test.each<Row>([
  { situation: 'nobody says where', words: ['--data-dir', '/nonexistent'], exitCode: 2, says: [/npm start/] },
  {
    situation: 'the repository is left out, of an installation elsewhere',
    words: [],
    env: reached,
    exitCode: 2,
    says: [/--git-url/],
  },
  {
    situation: 'there is no answer',
    words: ['--url', 'http://127.0.0.1:9', '--git-url', 'https://example.com/a/b.git'],
    exitCode: 1,
    says: [/FAILED {2}the API answers/, /does not work/],
  },
  {
    situation: 'the token is wrong',
    words: ['--token', 'wrong', '--git-url', 'https://example.com/a/b.git'],
    env: reached,
    exitCode: 1,
    says: [/ok {6}the API answers/, /FAILED {2}the token is taken/],
  },
  {
    situation: 'the work does not move: it says what it waits for, and the town stays',
    words: ['--git-url', 'https://example.com/a/b.git', '--timeout', '2'],
    env: reached,
    exitCode: 1,
    says: [
      /ok {6}two beads/,
      /FAILED {2}they are done.*not within 2 s: 0 of 2 closed.*The first file/,
      /gastown why --town/,
    ],
  },
])('$situation', async ({ words, env = () => ({}), exitCode, says }) => {
  const done = await smoke(words, env());
  for (const pattern of says) expect(done.all).toMatch(pattern);
  expect(done.exitCode).toBe(exitCode);
});
