import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { runBuildStage } from '../image/build-steps.ts';
import { copiedSources, readDockerfile, ROOT } from '../image/dockerfile.ts';

const { args, stages } = readDockerfile();
const all = stages.flatMap(({ instructions }) => instructions);
const runs = all.filter(({ name }) => name === 'RUN').map(({ text }) => text);
const lock = z
  .object({ packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })) })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));
const locked = (name: string): string | undefined => lock.packages[`node_modules/${name}`]?.version;

test('both stages are of one image, whose tag names one version and nothing that moves', () => {
  expect(stages.map(({ image }) => image)).toEqual(['${NODE_IMAGE}', '${NODE_IMAGE}']);
  expect(args.get('NODE_IMAGE')).toMatch(
    /^public\.ecr\.aws\/docker\/library\/node:\d+\.\d+\.\d+-[a-z]+-slim(@sha256:[0-9a-f]{64})?$/,
  );
});

test.each([
  { what: 'Node', version: /node:([\d.]+)-/.exec(args.get('NODE_IMAGE') ?? '')?.[1], locked: locked('node') },
  { what: 'Kilo', version: args.get('KILO_VERSION'), locked: locked('@kilocode/cli-linux-x64') },
])('$what is the version of the lockfile', ({ version, locked: expected }) => {
  expect(expected).toMatch(/^\d/);
  expect(version).toBe(expected);
});

test('packages are those of the lockfile, or carry a version that a package or an argument says', () => {
  const installs = runs
    .flatMap((text) => text.split('&&'))
    .filter((text) => /\bnpm (?:install|ci|i)\b/.test(text));
  expect(installs).toHaveLength(3);
  const named = installs.flatMap((text) =>
    [...text.matchAll(/"(@[^"]*?\/.*?)"(?= |$)/g)].map(([, name]) => name),
  );
  expect(named).toEqual([
    `@esbuild/linux-$(node -p process.arch)@$(node -p "require('esbuild/package.json').version")`,
    '@kilocode/cli-linux-$(node -p process.arch)@${KILO_VERSION}',
  ]);
  expect(installs.filter((text) => !text.includes('"'))).toEqual([expect.stringContaining('npm ci ')]);
});

test('nothing is the latest, and nothing is fetched by hand', () => {
  const text = all.map(({ text: words }) => words).join('\n');
  expect(text).not.toMatch(/\blatest\b|\bcurl\b|\bwget\b|\bADD\b/);
  expect(all.filter(({ name }) => name === 'ADD')).toEqual([]);
});

test('build arguments are versions; neither they nor the environment hold a secret, and no secret is mounted', () => {
  expect([...args.keys()]).toEqual(['NODE_IMAGE', 'KILO_VERSION']);
  const environment = all.filter(({ name }) => name === 'ENV').flatMap(({ text }) => text.split(/\s+/));
  expect(environment.map((pair) => pair.split('=')[0])).toEqual([
    'NODE_ENV',
    'GASTOWN_STOP_TIMEOUT_SECONDS',
    'GASTOWN_USER_IDS',
  ]);
  expect(runs.filter((text) => /--mount|TOKEN|SECRET|PASSWORD|_authToken/i.test(text))).toEqual([]);
});

test('what is copied is there, and the build context has it', () => {
  const sources = all.flatMap(copiedSources);
  expect(sources).toEqual(['package.json', 'package-lock.json', 'core', 'task-image']);
  expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
  const kept =
    readFileSync(join(ROOT, 'task-image/Dockerfile.dockerignore'), 'utf8').match(/(?<=^!).+$/gm) ?? [];
  const isKept = (source: string): boolean =>
    kept.some((path) => path === source || path.startsWith(`${source}/`));
  expect(sources.filter((source) => !isKept(source))).toEqual([]);
  expect(kept.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  const names = stages.flatMap(({ name }) => name ?? []);
  const from = all.flatMap(({ text }) => /--from=(\S+)/.exec(text)?.[1] ?? []);
  expect(from.filter((name) => !names.includes(name))).toEqual([]);
});

test('agents and gates get users with names; nothing makes one root; what runs is owned by root', () => {
  const last = stages.at(-1)?.instructions ?? [];
  const texts = last.map(({ text }) => text).join('\n');
  const [, first, end] = /GASTOWN_USER_IDS=(\d+)-(\d+)/.exec(texts) ?? [];
  expect(Number(end) - Number(first)).toBeGreaterThan(100);
  expect(texts).toContain(`seq ${first} ${end} `);
  expect(texts).toContain('-perm /6000 -exec chmod a-s');
  // The supervisor chooses users, which root alone can.
  expect(last.filter(({ name }) => name === 'USER')).toEqual([]);
  expect(last.filter(({ name }) => name === 'COPY').map(({ text }) => text)).toEqual([
    '--from=build --chown=root:root /build/out/ /opt/gastown/',
  ]);
});

test('its build steps run, and what they build starts', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'gastown-image-'));
  try {
    const out = await runBuildStage({ scratch, hasRegistry: false, log: () => {} });
    expect(existsSync(join(out, 'plugin.js'))).toBe(true);
    const entry = stages.at(-1)?.instructions.find(({ name }) => name === 'ENTRYPOINT')?.text ?? '';
    const [program, bundle = ''] = z.array(z.string()).parse(JSON.parse(entry));
    expect(program).toBe('node');
    // Away from this repository's packages, as in the image.
    const env = { GASTOWN_TOWN_ID: 'town-1', GASTOWN_EPOCH: '7' };
    const file = bundle.replace('/opt/gastown', out);
    const started = await execa(process.execPath, [file], {
      cwd: scratch,
      env,
      reject: false,
      timeout: 20_000,
    });
    const lines = started.stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { message: 'container.cold_start', townId: 'town-1', epoch: 7 },
      { message: 'container.uncaught_exception', error: expect.stringContaining('GASTOWN_API_URL') },
    ]);
    expect(started).toMatchObject({ exitCode: 1, stderr: '' });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}, 60_000);
