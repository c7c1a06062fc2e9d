import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CHOSEN_MOMENTS, randomMoment } from './kill-moments.ts';
import { killAndResume } from './kill-scenario.ts';

const HELP = `Kills the demo by SIGKILL and lets it finish, again and again.

  npm run soak:kill -- [--random N] [--seed S] [--from I] [--chosen]

  --random N   random moments (default 20)
  --seed S     the same seed gives the same moments (default 1)
  --from I     begin with the I-th random moment (default 0): repeats a failure
  --chosen     only the chosen moments: agent working, merge job running, between commit and effect
`;

const { values } = parseArgs({
  options: {
    random: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    chosen: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const from = Number(values.from);
const random = Array.from({ length: values.chosen ? 0 : Number(values.random) }, (_, index) =>
  randomMoment(Number(values.seed), from + index),
);
const moments = from > 0 ? random : [...CHOSEN_MOMENTS, ...random];
const base = mkdtempSync(join(tmpdir(), 'gastown-kill-'));
let failed = 0;
for (const [index, moment] of moments.entries()) {
  process.stdout.write(`${index + 1}/${moments.length} ${moment.name} … `);
  try {
    const { killedAt } = await killAndResume(join(base, `${index}`), moment);
    process.stdout.write(`finished after a restart; killed at: ${killedAt.trim()}\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(
      `FAILED (kept in ${join(base, `${index}`)})\n${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}
process.stdout.write(`${moments.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
