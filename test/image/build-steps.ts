import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { copiedSources, readDockerfile, ROOT, type Instruction } from './dockerfile.ts';

export interface StepsOptions {
  /** Empty: takes the place of the image's root. */
  readonly scratch: string;
  /** Installs from the package registry as the image does; otherwise the packages of this repository are taken. */
  readonly hasRegistry: boolean;
  readonly log: (line: string) => void;
}

const STEP_TIMEOUT_MS = 5 * 60_000;

/**
 * Runs the instructions of the build stage as they are written, in a scratch directory: what it copies, installs and bundles.
 * @returns where the bundles are
 */
export async function runBuildStage({ scratch, hasRegistry, log }: StepsOptions): Promise<string> {
  const [build] = readDockerfile().stages;
  const workDir = build?.instructions.find(({ name }) => name === 'WORKDIR')?.text;
  if (build?.name !== 'build' || workDir === undefined) throw new Error('there is no build stage');
  const directory = join(scratch, workDir);
  await mkdir(directory, { recursive: true });
  if (!hasRegistry) await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  for (const instruction of build.instructions) {
    const { name, text } = instruction;
    if (name === 'WORKDIR') continue;
    if (name === 'COPY') {
      await copy(instruction, directory);
      log(`COPY ${text}`);
      continue;
    }
    if (name !== 'RUN') throw new Error(`${name} is not understood here`);
    if (!hasRegistry && /^npm (?:ci|install)/.test(text)) {
      log(`not run without a registry: ${text}`);
      continue;
    }
    log(`RUN ${text}`);
    // Paths of the image stand for paths of the scratch directory.
    const command = text.replaceAll(`${workDir}/`, `${directory}/`);
    await execa('sh', ['-ec', command], { cwd: directory, timeout: STEP_TIMEOUT_MS, stdin: 'ignore' });
  }
  return join(directory, 'out');
}

/** Kilo as the image installs it, for this platform; the other steps of the last stage need root and change the machine. */
export async function runKiloStep({ scratch, log }: StepsOptions): Promise<string> {
  const { args, stages } = readDockerfile();
  const step = stages
    .at(-1)
    ?.instructions.find(({ name, text }) => name === 'RUN' && text.includes('@kilocode/'));
  if (step === undefined) throw new Error('the image does not install Kilo');
  const prefix = join(scratch, 'usr/local');
  await mkdir(join(prefix, 'bin'), { recursive: true });
  const command = step.text.replaceAll('/usr/local/', `${prefix}/`).replace(/&& npm cache clean --force/, '');
  log(`RUN ${command}`);
  const env = { KILO_VERSION: args.get('KILO_VERSION') ?? '', npm_config_prefix: prefix };
  await execa('sh', ['-ec', command], { cwd: scratch, env, timeout: STEP_TIMEOUT_MS, stdin: 'ignore' });
  return join(prefix, 'bin', 'kilo');
}

async function copy(instruction: Instruction, directory: string): Promise<void> {
  const target = instruction.text.split(/\s+/).at(-1) ?? '.';
  for (const source of copiedSources(instruction)) {
    const to = target.endsWith('/') ? join(directory, target, source) : join(directory, target);
    await cp(join(ROOT, source), to, { recursive: true });
  }
}
