import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { gastown } from './gastown.ts';

let fixture: Fixture;
let folder: string;
beforeAll(async () => {
  fixture = await startFixture({ isRunning: true });
  folder = await mkdtemp(join(tmpdir(), 'gastown-transfer-'));
});
afterAll(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

it('writes a town to a file, and makes a new town of it, which is paused', async () => {
  const { token, townId } = await fixture.town('mover');
  const env = { GASTOWN_URL: fixture.apiUrl, GASTOWN_TOKEN: token };
  const slung = await gastown(['sling', 'Moved along', '--held'], { env });
  expect([slung.code, slung.error]).toEqual([0, '']);
  const file = join(folder, 'town.jsonl');
  const exported = await gastown(['export', '-o', file, '--timeout', '20'], { env });
  expect([exported.code, exported.error, exported.out]).toEqual([0, '', expect.stringContaining('Wrote')]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const text = await readFile(file, 'utf8');
  expect(text).toContain('Moved along');
  const imported = await gastown(['import', file, '--timeout', '20', '--json'], { env });
  expect([imported.code, imported.error]).toEqual([0, '']);
  const { townId: newId } = JSON.parse(imported.out) as { townId: string };
  expect(newId).not.toBe(townId);
  const status = await gastown(['status', '--town', newId, '--json'], { env });
  expect(JSON.parse(status.out)).toMatchObject({ lifecycle: 'paused', beads: { open: 1 } });
  const broken = join(folder, 'broken.jsonl');
  await writeFile(broken, `${text.split('\n')[0] ?? ''}\nnot a line of an export\n`);
  const refused = await gastown(['import', broken, '--timeout', '20'], { env });
  expect([refused.code, refused.out]).toEqual([1, '']);
  expect(refused.error).toMatch(/import failed: .*broken\.jsonl, line 2: /);
}, 90_000);
