import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { createOperations, type TownConfig } from '../cli/client/api.generated.ts';
import { createSend } from '../cli/client/send.ts';
import { findConnection } from '../cli/connection.ts';
import { freshToken } from '../cli/login/fresh-token.ts';
import { keptLogins } from '../cli/login/kept-logins.ts';
import { UsageError as ConnectionError } from '../cli/usage-error.ts';
import { printable } from '../cli/render/printable.ts';
import { shortId } from '../cli/render/id.ts';
import { runMainJob, type MainJobResult } from '../cli/smoke/main-job.ts';
import { missingFiles } from '../local/demo/main-branch.ts';
import { createSampleRepository } from '../local/demo/sample-repository.ts';
import { numberOption, readOptions, reportFailure, UsageError } from './read-options.ts';

const HELP = `Runs the main job against any installation, through its API alone: a town, a repository, two beads that are done, reviewed and
merged; then the town must be idle, and go.

  npm run smoke -- [options]

  --url URL            of the API (default: GASTOWN_URL, else the installation that runs on this machine)
  --token TOKEN        default: GASTOWN_TOKEN, else that of the installation on this machine, else of gastown login
  --data-dir DIR       of the installation on this machine (default .gastown)
  --git-url URL        a repository that the town may push to; two files are merged into it, in smoke/. Needed unless the installation is on
                       this machine: there a sample repository is made
  --default-branch B   of that repository (default main)
  --config FILE        settings of the town as JSON, "-" for standard input: its model, its tokens, mergeStrategy. Values stand in no command
                       line so, as {"gitAuth":{"githubToken":"…"},"model":{"provider":"anthropic","apiKey":"…"}}
  --timeout SECONDS    for the work to land, and again for the town to be idle (default 900)
  --keep               the town stays
  --json               one JSON document at the end: {isOk, steps, townId?}
  --help

Exit code 0: all of it works; 1: something does not, and the town stays for a look (gastown why, gastown doctor); 2: the command line is
wrong.
`;

async function main(): Promise<number> {
  const values = readOptions({
    url: { type: 'string' },
    token: { type: 'string' },
    'data-dir': { type: 'string', default: '.gastown' },
    'git-url': { type: 'string' },
    'default-branch': { type: 'string', default: 'main' },
    config: { type: 'string' },
    timeout: { type: 'string', default: '900' },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const limitMs = numberOption('--timeout', values.timeout, { min: 1, max: 24 * 3600 }) * 1000;
  const connection = findConnection(
    { url: values.url, token: values.token, dataDir: values['data-dir'] },
    process.env,
  );
  const { url, isLocal } = connection;
  const logins = keptLogins(process.env);
  const config = await readConfig(values.config);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const { signal } = interrupt;
  const given = values['git-url'];
  if (given === undefined && !isLocal) {
    throw new UsageError(
      `${url} is not on this machine: name a repository that its towns may push to with --git-url. See --help.`,
    );
  }
  const directory = given === undefined ? await mkdtemp(join(tmpdir(), 'gastown-smoke-')) : undefined;
  try {
    const sample = directory === undefined ? undefined : await createSampleRepository(directory);
    const runId = randomUUID().slice(0, 8);
    const say = (line: string): void => {
      if (!values.json) process.stdout.write(`${printable(line)}\n`);
    };
    const result = await runMainJob({
      api: createOperations(createSend({ url, token: () => freshToken(connection, logins, signal), signal })),
      gitUrl: given ?? sample?.remoteUrl ?? '',
      defaultBranch: sample?.defaultBranch ?? values['default-branch'],
      config,
      limitMs,
      isKept: values.keep,
      runId,
      signal,
      say: ({ isOk, name, detail, seconds }) =>
        say(`${isOk ? 'ok    ' : 'FAILED'}  ${name}: ${detail} (${seconds} s)`),
      sayProgress: (line) => say(`        ${line}`),
    });
    const isThere =
      sample === undefined ||
      !result.isOk ||
      (await areMerged(sample.remoteUrl, sample.defaultBranch, runId));
    const isOk = result.isOk && isThere;
    if (!isThere)
      say('FAILED  the files are not on the default branch, though the town says that they have landed');
    say(lastLine({ ...result, isOk }));
    if (values.json) process.stdout.write(`${JSON.stringify({ ...result, isOk }, null, 2)}\n`);
    return isOk ? 0 : 1;
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }
}

const areMerged = async (remote: string, branch: string, runId: string): Promise<boolean> =>
  (await missingFiles(remote, branch, [`smoke/${runId}/first.txt`, `smoke/${runId}/second.txt`])).length ===
  0;

function lastLine({ isOk, townId }: MainJobResult): string {
  const look =
    townId === undefined ? '' : `; the town ${shortId(townId)} is still there: gastown why --town ${townId}`;
  return `${isOk ? 'the main job works' : 'the main job does not work'}${look}`;
}

async function readConfig(file: string | undefined): Promise<TownConfig> {
  if (file === undefined) return {};
  const text = file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8');
  try {
    // What is in there the API checks, with the place of each mistake.
    return JSON.parse(text) as TownConfig;
  } catch {
    throw new UsageError(`${file} is not JSON. See --help.`);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = Math.max(reportFailure(error), error instanceof ConnectionError ? 2 : 1);
}
