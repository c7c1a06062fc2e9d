import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createApiClient } from '../local/demo/api-client.ts';
import { createLiveView } from '../local/demo/live-view.ts';
import { historyOf, missingFiles } from '../local/demo/main-branch.ts';
import { hopeless, readEvents, readTown, unfinished } from '../local/demo/read-town.ts';
import { startDemoForge, type DemoForge } from '../local/demo/demo-forge.ts';
import { installApp } from '../local/demo/install-app.ts';
import { finalReport } from '../local/demo/report.ts';
import { MARKER, prepareDataDirectory } from '../local/demo/data-directory.ts';
import { setUpTown } from '../local/demo/set-up.ts';
import { SENTENCE, TASKS } from '../local/demo/story.ts';
import { chooseModel } from '../local/choose-model.ts';
import { startMachine, type Machine } from '../local/machine.ts';
import { onStopSignal } from '../local/stop-signal.ts';
import { VERSION } from '../local/version.ts';
import { numberOption, readOptions, reportFailure } from './read-options.ts';

const HELP = `Real agents do real work on a real repository until it is merged, on this machine.

  npm run demo -- [options] [sentence]

  A small repository, a town and a convoy of three beads are made; agents work on branches, each branch is verified,
  passes a gate, is reviewed by another agent and merged; at the end the convoy lands on main. Without --model a scripted
  model plays the agents: no key, no network.

  --model P/M          a real model, as anthropic/claude-sonnet-4-5 (ANTHROPIC_API_KEY), openai/… (OPENAI_API_KEY) or
                       amazon-bedrock/… (AWS variables); this costs money
  --data-dir DIR       where everything is kept (default .gastown/demo); made anew by each demo
  --mayor              start from one sentence: the mayor, an agent that one chats with, makes the convoy of it. The sentence
                       may be given, as npm run demo -- --mayor "Write a guide and then link it"
  --forge              the repository is on a GitHub of the demo's own, which wants checks and an approval: the town merges by pull
                       request with tokens of a GitHub App, and waits for the reviewer
  --no-webhooks        with --forge: the forge tells of nothing, so that the town has to look
  --resume             go on with the demo in DIR, after Ctrl-C or a crash
  --timeout SECONDS    give up after so long (default 600)
  --sleep-after MIN    idle minutes before the container stops (default 0.05)
  --help

Exit code 0: all changes are on main, the convoy landed, the town is idle, the container has stopped.
`;

const POLL_MS = 400;
/** A day, for the options that are times. */
const LONGEST_SECONDS = 86_400;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The word after `--mayor` is what the mayor is asked, unless it is another option. */
function splitSentence(args: readonly string[]): { args: string[]; sentence: string } {
  const place = args.indexOf('--mayor') + 1;
  const word = place === 0 ? undefined : args[place];
  if (word === undefined || word.startsWith('-')) return { args: [...args], sentence: SENTENCE };
  return { args: args.toSpliced(place, 1), sentence: word };
}

async function main(): Promise<number> {
  const given = splitSentence(process.argv.slice(2));
  const values = readOptions(
    {
      model: { type: 'string' },
      'data-dir': { type: 'string', default: '.gastown/demo' },
      mayor: { type: 'boolean', default: false },
      resume: { type: 'boolean', default: false },
      forge: { type: 'boolean', default: false },
      'no-webhooks': { type: 'boolean', default: false },
      timeout: { type: 'string', default: '600' },
      'sleep-after': { type: 'string', default: '0.05' },
      help: { type: 'boolean', default: false },
    },
    given.args,
  );
  const sentence = values.mayor ? given.sentence : undefined;
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const timeoutSeconds = numberOption('--timeout', values.timeout, { min: 1, max: LONGEST_SECONDS });
  const sleepAfterMinutes = numberOption('--sleep-after', values['sleep-after'], {
    min: 0,
    max: LONGEST_SECONDS / 60,
  });
  if (values.forge && values.resume)
    throw new Error('The forge of a demo does not outlive it: leave --resume out, or --forge.');
  const dataDir = resolve(values['data-dir']);
  let remote = join(dataDir, MARKER);
  let forge: DemoForge | undefined;
  // Before anything of the last demo is deleted: this fails when a key is missing.
  const model = await chooseModel({ model: values.model, isScripted: true });
  const start = async (): Promise<Machine> => {
    if (!values.resume || !existsSync(remote)) await prepareDataDirectory(dataDir);
    if (values.forge) {
      forge = await startDemoForge(dataDir);
      remote = forge.directory;
      await writeFile(join(dataDir, 'github-app.json'), JSON.stringify(forge.app), { mode: 0o600 });
    }
    return startMachine({
      dataDir,
      port: 0,
      model: model.credentials,
      version: VERSION,
      ...(forge === undefined ? {} : { github: forge, supervisorEnv: forge.environment }),
    });
  };
  const machine = await start().catch(async (error: unknown) => {
    await forge?.close();
    await model.close();
    throw error;
  });
  const close = async (): Promise<void> => {
    await machine.close();
    await forge?.close();
    await model.close();
  };
  let isStopping = false;
  onStopSignal(async () => {
    isStopping = true;
    say('\nDraining: saving work and stopping the container. Press Ctrl-C again to stop at once.');
    await close();
    say(
      `Go on with: npm run demo -- --resume${values.mayor ? ' --mayor' : ''}${values['data-dir'] === '.gastown/demo' ? '' : ` --data-dir ${values['data-dir']}`}`,
    );
  });
  say(
    `Gastown ${VERSION} at ${machine.info.apiUrl}; repository ${remote}; log ${join(dataDir, 'local.log')}`,
  );
  try {
    return await watch(machine.info, forge?.gitUrl ?? remote);
  } catch (error) {
    // The API went away because we are stopping, which ends this process when all is saved.
    if (isStopping) await new Promise<never>(() => {});
    throw error;
  } finally {
    await close();
  }

  async function watch({ apiUrl, token }: typeof machine.info, gitUrl: string): Promise<number> {
    const api = createApiClient(apiUrl, token);
    if (!values['no-webhooks']) forge?.tell(`${apiUrl}/v1/webhooks/github`);
    const integrationId = forge === undefined ? undefined : await installApp(api, apiUrl, forge);
    const { townId } = await setUpTown(api, gitUrl, sleepAfterMinutes, sentence, integrationId);
    const view = createLiveView(process.stdout, () => performance.now());
    const deadline = performance.now() + timeoutSeconds * 1000;
    for (;;) {
      const snapshot = await readTown(api, townId);
      // What is said while it drains is not to be drawn over.
      if (isStopping) await new Promise<never>(() => {});
      view.show(snapshot);
      const left = unfinished(snapshot);
      const lost = hopeless(snapshot);
      const isLate = performance.now() > deadline;
      if (left !== undefined && lost === undefined && !isLate) {
        await new Promise((done) => setTimeout(done, POLL_MS));
        continue;
      }
      view.end();
      const events = await readEvents(api, townId);
      const history = await historyOf(remote, 'main');
      const spent = { counters: machine.counters, model: model.scripted?.stats() };
      say(finalReport({ snapshot, events, history, branch: 'main', ...spent }));
      if (forge !== undefined) say(`pull requests\n${forge.pullRequests().join('\n')}\n`);
      // What a mayor makes of a sentence is its own affair.
      const expected = sentence === undefined ? TASKS.map(({ file }) => file) : [];
      const missing = await missingFiles(remote, 'main', expected);
      const problem = lost ?? left ?? (missing.length > 0 ? `main lacks ${missing.join(', ')}` : undefined);
      if (problem === undefined) {
        const what = sentence === undefined ? 'All three changes are' : 'What the mayor was asked for is';
        say(`${what} on main, the convoy landed, the town is idle, the container has stopped.`);
        return 0;
      }
      say(
        `The demo did not finish${isLate ? ' in time' : ''}: ${problem}. The log is ${join(dataDir, 'local.log')}`,
      );
      return 1;
    }
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = reportFailure(error);
}
