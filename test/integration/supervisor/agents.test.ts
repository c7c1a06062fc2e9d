import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AgentReport, AgentSpec } from '../../../core/protocol/sync.ts';
import type { Conversation } from '../../../local/scripted-model/script.ts';
import { startScriptedModel } from '../../../local/scripted-model/server.ts';
import { townScript } from '../../../local/scripted-model/town-script.ts';
import { buildPlugin } from '../../../task-image/plugin/build.ts';
import { createControlPlane } from '../../../task-image/supervisor/control-plane.ts';
import { createSupervisor, type SupervisorOptions } from '../../../task-image/supervisor/supervisor.ts';
import { BOOTSTRAP_TOKEN } from './control-plane.ts';
import { beadAgent, checkJob, MODEL_KEY, openStage, until, type Stage } from './harness.ts';
import { filesThatOthersCanRead } from './readable-files.ts';
import { usersOfTheirOwn } from './users.ts';

/** Real agent servers: about 3 s and 500 MB each. */
vi.setConfig({ testTimeout: 150_000, hookTimeout: 60_000 });

const BRANCH = 'gt/nux/bead-1';
const WIP = `refs/gastown/wip/${BRANCH}`;
/** Leaves a file uncommitted, and works on. */
const UNFINISHED = ['Please do this:', '```', 'run echo round >> notes.txt', 'run sleep 304', '```'].join(
  '\n',
);

let stage: Stage;
let conversations: Conversation[];

beforeEach(async () => {
  conversations = [];
  const model = await startScriptedModel({
    script: (conversation) => {
      if (conversation.tools.length > 0) conversations.push(conversation);
      return townScript(conversation);
    },
  });
  stage = await openStage({ modelUrl: model.url, pluginFile: '' });
  stage.onClose(() => model.close());
  await buildPlugin(pluginFile());
});
afterEach(() => stage.close());

const pluginFile = (): string => join(stage.root, 'plugin', 'gastown.js');
const agentIn = (agentId: string): AgentReport | undefined =>
  stage.controlPlane.syncs.at(-1)?.agents.find((agent) => agent.agentId === agentId);
const commands = (): string[] => stage.processes().map(({ command }) => command);
const servers = (): string[] => commands().filter((command) => /^\S*kilo serve/.test(command));
const sleepers = (): string[] => commands().filter((command) => command === 'sleep 304');
const wipNotes = (): Promise<string> => stage.remoteGit('show', `${WIP}:notes.txt`).catch(() => '');

function otherAgent(): AgentSpec {
  const { work, ...spec } = beadAgent(UNFINISHED, {
    agentId: 'agent-2',
    name: 'slit',
    token: 'other-agent-token',
  });
  if (work.kind !== 'bead') throw new Error('no bead');
  return { ...spec, work: { ...work, beadId: 'bead-2', branch: 'gt/slit/bead-2' } };
}

test('agents start and end as the town says; a drain saves what is uncommitted; no secret gets out', async () => {
  const { controlPlane } = stage;
  controlPlane.desired.syncIntervalSeconds = 0.5;
  const agent = beadAgent(UNFINISHED);
  controlPlane.desired.agents = [agent, otherAgent()];
  const supervisor = stage.start({
    GASTOWN_PLUGIN_FILE: pluginFile(),
    ...(await usersOfTheirOwn(stage.root)),
  });
  await until('both work', () => sleepers().length === 2, 60_000);
  expect(servers()).toHaveLength(2);

  // Answers without the long texts came while they started, and did not disturb the first message.
  const states = controlPlane.syncs.map(
    ({ agents }) => agents.find(({ agentId }) => agentId === 'agent-1')?.state,
  );
  expect(states.filter((state) => state === 'starting').length).toBeGreaterThan(1);
  expect(
    conversations.filter(({ turn, messages }) => turn === 0 && JSON.stringify(messages).includes('notes.txt'))
      .length,
  ).toBe(2);

  // The newest token is on the disk, for its owner only.
  const home = join(stage.workDir, 'agents', 'agent-1', '1');
  controlPlane.desired.agents = [{ ...agent, token: 'second-agent-token-of-the-test' }];
  await until('the new token is there', async () =>
    (await readFile(join(home, 'token'), 'utf8')).startsWith('second-'),
  );
  expect((await stat(join(home, 'token'))).mode & 0o777).toBe(0o600);

  // The other one is not wanted any more.
  await until('the other one is gone', () => servers().length === 1 && agentIn('agent-2') === undefined);
  expect(sleepers()).toHaveLength(1);
  expect(agentIn('agent-1')).toMatchObject({ state: 'working', attempt: 1 });
  const otherWorktree = join(stage.workDir, 'agents', 'agent-2', '1', 'worktree');
  await until('so is its worktree', () => !existsSync(otherWorktree));

  const secrets = [
    ...controlPlane.secrets,
    agent.token,
    'second-agent-token',
    'other-agent-token',
    MODEL_KEY,
  ];
  const files = filesThatOthersCanRead(stage.workDir);
  expect([...files.keys()].some((file) => file.endsWith('notes.txt'))).toBe(true);
  for (const secret of secrets) {
    expect(commands().filter((command) => command.includes(secret))).toEqual([]);
    expect([...files].filter(([, text]) => text.includes(secret)).map(([file]) => file)).toEqual([]);
  }

  controlPlane.desired.drain = true;
  expect(await supervisor.exited).toEqual({ code: 0, signal: null });
  expect(controlPlane.syncs.at(-1)).toMatchObject({ phase: 'drained', agents: [] });
  expect(await wipNotes()).toBe('round');
  expect(await stage.remoteGit('log', '-1', '--format=%an: %s', WIP)).toMatch(/^nux .*: WIP: saved before/);
  expect(await stage.remoteGit('branch', '--list', '--format=%(refname:short)')).toBe('main');
  expect(stage.processes()).toEqual([]);
  for (const secret of secrets) expect(supervisor.log()).not.toContain(secret);
});

test('an agent stops while no sync succeeds, goes on from where it was with the next one, and is saved when none comes', async () => {
  const { controlPlane } = stage;
  controlPlane.desired.syncIntervalSeconds = 0.3;
  controlPlane.desired.agents = [beadAgent(UNFINISHED)];
  const logged: string[] = [];
  const options: SupervisorOptions = {
    controlPlane: await createControlPlane(controlPlane.url, BOOTSTRAP_TOKEN),
    townId: 'town-1',
    epoch: 1,
    workDir: stage.workDir,
    apiUrl: controlPlane.url,
    pluginFile: pluginFile(),
    allowLocalGit: true,
    log: (message) => logged.push(message),
    pauseAfterMs: 1_000,
    cutOffAfterMs: 8_000,
  };
  const supervisor = createSupervisor(options);
  stage.onClose(() => supervisor.kill());
  const ended = supervisor.run();
  await until('it works', () => sleepers().length === 1, 60_000);

  controlPlane.always({ kind: 'status', status: 500 });
  await until('its agent is gone', () => servers().length === 0, 7_000);
  await until('its work is saved', async () => (await wipNotes()) === 'round', 2_000);
  controlPlane.always({ kind: 'answer' });
  await until('it works again', () => sleepers().length === 1, 60_000);

  controlPlane.always({ kind: 'silent' });
  expect(await ended).toBe('cut_off');
  expect(await wipNotes()).toBe('round\nround');
  expect(stage.processes()).toEqual([]);
  expect(logged.join('\n')).toMatch(/resumed[^]*agents stop[^]*saving work/);
});

test.for([
  { name: 'its parent is gone', kill: 'pipe' },
  { name: 'it is killed', kill: 'SIGKILL' },
] as const)('when $name, agent servers, gates and all they started are gone within 5 s', async ({ kill }) => {
  const { controlPlane } = stage;
  const gated = 'gt/slit/bead-2';
  await stage.pushBranch(gated);
  controlPlane.desired.agents = [beadAgent(UNFINISHED)];
  controlPlane.desired.jobs = [checkJob('job-1', gated, ['sleep 305 & sleep 305'])];
  const supervisor = stage.start({ GASTOWN_PLUGIN_FILE: pluginFile(), GASTOWN_PARENT_PIPE: '1' });
  await until(
    'all run',
    () => sleepers().length === 1 && commands().filter((each) => each === 'sleep 305').length === 2,
    60_000,
  );

  const endedAtMs = performance.now();
  if (kill === 'pipe') supervisor.closeParentPipe();
  else supervisor.signal(kill);
  await until('all are gone', () => stage.processes().length === 0, 5_000);
  await supervisor.exited;
  expect(performance.now() - endedAtMs).toBeLessThan(5_000);
});
