import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startDemo } from './demo-process.ts';
import { CHOSEN_MOMENTS } from './kill-moments.ts';
import { killAndResume } from './kill-scenario.ts';
import { allGone } from './processes.ts';

const base = mkdtempSync(join(tmpdir(), 'gastown-e2e-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

// All of these mostly wait: for agent servers to start, and for answers that never come.
test.concurrent('the demo ends with all three changes on main, a landed convoy, an idle town, and nothing running', async () => {
  const dataDir = join(base, 'demo');
  const demo = startDemo({ dataDir, timeoutSeconds: 400 });
  const end = await demo.exited;
  expect({ ...end, output: demo.output() }).toMatchObject({ code: 0, signal: null });
  await allGone(dataDir, 5000);
  for (const text of ['git log of main', 'Merge: Land convoy: Invoices', 'phases (seconds)', 'write units']) {
    expect(demo.output()).toContain(text);
  }
  expect(demo.output()).toContain('All three changes are on main, the convoy landed');
}, 500_000);

// The whole list, and 20 random moments, are in `npm run soak:kill`.
test.concurrent.each(CHOSEN_MOMENTS.filter(({ name }) => name !== 'merge job running'))(
  'killed by SIGKILL ($name), the demo finishes after a restart',
  async (moment) => {
    const dataDir = join(base, moment.name.replaceAll(' ', '-'));
    await expect(killAndResume(dataDir, moment)).resolves.toHaveProperty('killedAt');
  },
  700_000,
);
