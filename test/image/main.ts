import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { runBuildStage, runKiloStep } from './build-steps.ts';

const { values } = parseArgs({
  options: { registry: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(`Runs the steps of task-image/Dockerfile that need no Docker, in a scratch directory, and starts what they built.

  --registry   install packages and Kilo from the registry as the image does; otherwise those of this repository are taken

Not run: apt-get and useradd, which need root and change this machine.`);
  process.exit(0);
}

const scratch = await mkdtemp(join(tmpdir(), 'gastown-image-'));
try {
  const options = { scratch, hasRegistry: values.registry, log: (line: string) => console.log(line) };
  const out = await runBuildStage(options);
  // Without its environment it says what is missing, which shows that it loads.
  const { exitCode, stdout } = await execa(process.execPath, [join(out, 'supervisor.mjs')], {
    reject: false,
  });
  console.log(stdout.split('\n').at(-1)?.slice(0, 200));
  if (exitCode !== 1 || !stdout.includes('GASTOWN_TOWN_ID')) throw new Error('the supervisor does not start');
  if (values.registry) {
    const kilo = await execa(await runKiloStep(options), ['--version'], { timeout: 60_000 });
    console.log(`kilo ${kilo.stdout}`);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
