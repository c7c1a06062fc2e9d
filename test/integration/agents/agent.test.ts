import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startScriptedModel } from '../../../local/scripted-model/server.ts';
import type { ScriptedModel, ScriptedModelOptions } from '../../../local/scripted-model/server.ts';
import type { Conversation } from '../../../local/scripted-model/script.ts';
import { townScript } from '../../../local/scripted-model/town-script.ts';
import type { RunningAgent } from '../../../task-image/agents/agent.ts';
import { AgentServerStartError, startAgentServer } from '../../../task-image/agents/kilo-server.ts';
import { buildPlugin } from '../../../task-image/plugin/build.ts';
import { beadWork, createRepository, git, startTestAgent, startTownStub, until } from './fixture.ts';
import type { Repository, TestAgent, TownStub } from './fixture.ts';
import { processesWith } from './processes.ts';

/** Each test starts one or two real agent servers (about 3 s and 500 MB each); the tests of this file run one by one. */
vi.setConfig({ testTimeout: 90_000 });

const TASK = `Please do this:
\`\`\`
write src/hello.txt
<<<
hello
>>>
run env | sort > environment.txt
\`\`\``;

let repository: Repository;
let pluginFile: string;
const validTokens = new Set<string>();
const cleanUps: (() => Promise<void>)[] = [];
let conversations: Conversation[];

beforeEach(async () => {
  repository = createRepository('gt/nux');
  pluginFile = join(repository.root, 'plugin', 'gastown.js');
  await buildPlugin(pluginFile);
  conversations = [];
  validTokens.clear();
  validTokens.add('token-1');
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  repository.remove();
});

async function model(options: Partial<ScriptedModelOptions> = {}): Promise<ScriptedModel> {
  const started = await startScriptedModel({
    script: (conversation) => {
      if (conversation.tools.length > 0) conversations.push(conversation);
      return townScript(conversation);
    },
    ...options,
  });
  cleanUps.push(started.close);
  return started;
}

async function town(answer?: Parameters<typeof startTownStub>[0]['answer']): Promise<TownStub> {
  const started = await startTownStub({ validTokens, ...(answer === undefined ? {} : { answer }) });
  cleanUps.push(started.close);
  return started;
}

async function start(
  options: Omit<Parameters<typeof startTestAgent>[0], 'repository' | 'pluginFile' | 'token'>,
): Promise<TestAgent> {
  const started = await startTestAgent({ repository, pluginFile, token: 'token-1', ...options });
  cleanUps.push(() => started.agent.stop());
  return started;
}

function endOfTurn(agent: RunningAgent): Promise<unknown> {
  return until('the turn ends', () => agent.report().state !== 'working');
}

test('a polecat does its bead with a token that is renewed meanwhile, is told of a message once, and exits when nothing follows', async () => {
  const townStub = await town();
  const scripted = await model({ stepDelayMs: 100 });
  const { agent, reports } = await start({
    town: townStub,
    modelUrl: scripted.url,
    work: beadWork(TASK),
    overrides: { idleTimeoutMs: 1_500 },
  });
  await until('the agent asks for its prime context', () => townStub.calls.length > 0);
  const servers = processesWith(`HOME=${repository.root}/home`);
  await agent.refreshToken('token-2');
  validTokens.delete('token-1');
  validTokens.add('token-2');
  await endOfTurn(agent);

  expect(git(repository.origin, 'show', 'gt/nux:src/hello.txt')).toBe('hello');
  expect(git(repository.origin, 'log', '-1', '--format=%an <%ae> %s', 'gt/nux')).toBe(
    "Nux <nux@example.com> Say 'hello'",
  );
  expect(townStub.calls.map(({ method, path, token }) => `${method} ${path} ${token}`)).toEqual([
    'GET /v1/agent/prime token-1',
    'POST /v1/agent/done token-2',
  ]);
  expect(townStub.calls[1]?.body).toMatchObject({ branch: 'gt/nux' });

  // The prime context stands once in the system prompt of every step, as data.
  for (const { system } of conversations) {
    expect(
      system.match(/GASTOWN-UNTRUSTED-TEXT-BEGIN\n\{[^]*Primed title[^]*\}\nGASTOWN-UNTRUSTED-TEXT-END/g),
    ).toHaveLength(1);
    expect(system).toContain('You are a polecat');
  }
  expect(conversations[0]?.tools).toEqual(expect.arrayContaining(['gt_done', 'gt_prime']));
  expect(conversations[0]?.tools).not.toContain('gt_verdict');

  // The tool token is in no environment, the model key in none below the server.
  expect(servers.some(({ command }) => command.includes('kilo serve'))).toBe(true);
  for (const { environ } of servers) expect(environ).not.toMatch(/token-[12]/);
  const toolEnvironment = readFileSync(join(repository.worktree, 'environment.txt'), 'utf8');
  expect(toolEnvironment).toMatch(/^GASTOWN_AGENT_ID=agent-1$/m);
  expect(toolEnvironment).not.toMatch(/model-key|token-[12]|^KILO_SERVER_PASSWORD=./m);
  expect(statSync(join(repository.root, 'token')).mode & 0o777).toBe(0o600);

  const { inputTokens, outputTokens } = scripted.stats();
  expect(agent.report()).toMatchObject({ state: 'idle', usage: { inputTokens, outputTokens, costUsd: 0 } });

  const message = { messageId: 'message-1', text: 'Thank you.' };
  agent.deliver([message]);
  agent.deliver([message]);
  await until('the message is delivered', () => agent.report().deliveredMessageIds.length > 0);
  await until('the agent exits', () => agent.report().state === 'exited');
  expect(agent.report()).toMatchObject({
    reason: 'gt_done was accepted, and nothing followed',
    deliveredMessageIds: ['message-1'],
  });
  const lastMessages = conversations.at(-1)?.messages ?? [];
  expect(lastMessages.filter(({ text }) => text.startsWith('Thank you.'))).toHaveLength(1);
  expect(reports.map(({ state }) => state)).toEqual([
    'working',
    'idle',
    'working',
    'working',
    'idle',
    'exited',
  ]);
  await until('the server is gone', () => processesWith(`HOME=${repository.root}/home`).length === 0, 5_000);
});

test('a refinery reads the diff and sends it back; when its server is killed it has failed, and says why', async () => {
  const targetSha = git(repository.worktree, 'rev-parse', 'HEAD');
  writeFileSync(join(repository.worktree, 'code.ts'), 'export const a = 1; // FIXME-REVIEW\n');
  git(repository.worktree, 'add', '-A');
  git(repository.worktree, 'commit', '--quiet', '-m', 'Candidate');
  const candidateSha = git(repository.worktree, 'rev-parse', 'HEAD');
  const townStub = await town();
  const scripted = await model();
  const { agent } = await start({
    town: townStub,
    modelUrl: scripted.url,
    work: {
      kind: 'review',
      mergeRequestId: 'merge-1',
      title: 'Add a',
      branch: 'gt/nux',
      headSha: candidateSha,
      target: 'main',
      targetSha,
      candidateSha,
    },
  });
  await endOfTurn(agent);

  const verdict = townStub.calls.find(({ path }) => path === '/v1/agent/verdict');
  expect(verdict?.body).toMatchObject({
    verdict: 'request_changes',
    feedback: expect.stringContaining('export const a = 1;') as unknown,
  });
  expect(conversations[0]?.tools).toContain('gt_verdict');
  expect(conversations[0]?.tools).not.toContain('gt_done');

  const server = processesWith(`HOME=${repository.root}/home`).find(({ command }) =>
    /^\S+kilo serve/.test(command),
  );
  if (server === undefined) throw new Error('no agent server is running');
  process.kill(server.pid, 'SIGKILL');
  await until('the agent has failed', () => agent.report().state === 'failed', 5_000);
  expect(agent.report().reason).toMatch(/^the agent server ended \(code 137\)/);
});

test('triage decides through the town alone, and exits when nothing follows', async () => {
  const townStub = await town();
  const scripted = await model();
  const { agent } = await start({
    town: townStub,
    modelUrl: scripted.url,
    work: {
      kind: 'triage',
      requestId: 'request-1',
      type: 'stuck_agent',
      title: 'Nux has shown no progress for 60 minutes',
      agentName: 'Nux',
      beadTitle: "Say 'hello'",
    },
    overrides: { idleTimeoutMs: 1_000 },
  });
  await until('it exits', () => agent.report().state === 'exited');
  expect(agent.report().reason).toBe('gt_triage_resolve was accepted, and nothing followed');
  const decision = townStub.calls.find(({ path }) => path === '/v1/agent/triage/resolve');
  expect(decision?.body).toMatchObject({ action: 'restart', reason: expect.any(String) as unknown });
  const tools = conversations[0]?.tools;
  expect(tools).toEqual(expect.arrayContaining(['gt_triage_resolve', 'gt_prime', 'gt_bead_status']));
  for (const hand of ['bash', 'edit', 'write', 'task', 'gt_done', 'gt_checkpoint'])
    expect(tools).not.toContain(hand);
});

test('errors of the model are retried; an endpoint that is gone fails the agent within seconds and ends its server', async () => {
  const townStub = await town();
  const scripted = await model({
    failures: [
      { kind: 'status', status: 500 },
      { kind: 'status', status: 429, retryAfterSeconds: 1 },
      { kind: 'drop' },
    ],
  });
  const { agent } = await start({ town: townStub, modelUrl: scripted.url, work: beadWork(TASK) });
  await endOfTurn(agent);
  expect(agent.report()).toMatchObject({ state: 'idle' });
  expect(townStub.calls.map(({ path }) => path)).toContain('/v1/agent/done');

  await scripted.close();
  const closedAt = performance.now();
  agent.deliver([{ messageId: 'message-1', text: 'And now?' }]);
  await until('the agent has failed', () => agent.report().state === 'failed');
  expect(performance.now() - closedAt).toBeLessThan(15_000);
  expect(agent.report().reason).toMatch(/^the model endpoint cannot be reached/);
  await until('the server is gone', () => processesWith(`HOME=${repository.root}/home`).length === 0, 5_000);
});

test('a model that never answers fails the turn after the silence limit; a refused gt_done leaves the agent idle, then exited', async () => {
  const hanging = await model({ failures: [{ kind: 'hang' }] });
  const townStub = await town(({ path }) =>
    path === '/v1/agent/done'
      ? { status: 409, body: { title: 'Conflict', detail: 'This bead is closed.', code: 'conflict' } }
      : undefined,
  );
  const silent = await start({
    town: townStub,
    modelUrl: hanging.url,
    work: beadWork(TASK),
    overrides: { turnSilenceTimeoutMs: 2_000, home: join(repository.root, 'first-home') },
  });
  await endOfTurn(silent.agent);
  expect(silent.agent.report()).toMatchObject({
    state: 'failed',
    reason: 'nothing happened in a turn for 2 s',
  });

  const refused = await start({
    town: townStub,
    modelUrl: hanging.url,
    work: beadWork(TASK, { feedback: 'Try again.' }),
    overrides: { idleTimeoutMs: 300 },
  });
  await until('the agent exits', () => refused.agent.report().state === 'exited');
  expect(refused.agent.report().reason).toBe(
    'its turn ended without gt_done, gt_verdict or gt_triage_resolve, and nothing followed',
  );
  const answer = conversations.at(-1)?.messages.at(-1)?.toolResults?.at(-1)?.text;
  expect(answer).toContain('Refused (409 conflict): Conflict: This bead is closed.');
  expect(townStub.calls.filter(({ path }) => path === '/v1/agent/done')).toHaveLength(1);
});

test('after a kill -9 of the supervisor, the agent server and what its tools started are gone within 5 s', async () => {
  const mark = `mark-${process.pid}-${Date.now()}`;
  const sleeper = await startScriptedModel({
    script: ({ turn }) => {
      // One process left behind by a tool, then one that the tool is waiting for.
      const command = turn === 0 ? 'nohup sleep 300 >/dev/null 2>&1 & echo started' : 'sleep 300';
      return { call: { tool: 'bash', args: { command, description: 'Sleep' } } };
    },
  });
  cleanUps.push(sleeper.close);
  const program = fileURLToPath(new URL('supervisor-like.ts', import.meta.url));
  const options = {
    directory: repository.worktree,
    home: join(repository.root, 'home'),
    mark,
    credentials: {
      providerId: 'scripted',
      npm: '@ai-sdk/openai-compatible',
      options: { baseURL: sleeper.url, apiKey: 'model-key' },
      modelId: 'scripted',
      smallModelId: 'scripted',
      env: {},
    },
  };
  const supervisor = spawn(process.execPath, [program, JSON.stringify(options)], {
    cwd: repository.root,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  cleanUps.push(async () => void supervisor.kill('SIGKILL'));
  const running = (): string[] => processesWith(mark).map(({ command }) => command);
  await until('both sleepers run', () => running().filter((command) => command === 'sleep 300').length === 2);
  expect(running().some((command) => command.includes('kilo serve'))).toBe(true);

  supervisor.kill('SIGKILL');
  await until('nothing of it runs any more', () => running().length === 0, 5_000);
});

test.for([
  {
    name: 'that prints no address in time',
    directory: '.',
    startTimeoutMs: 50,
    message: /no address within 50 ms/,
  },
  { name: 'without its folder', directory: 'missing', startTimeoutMs: 5_000, message: /ENOENT/ },
])('an agent server $name is an error, and leaves nothing behind', async (row) => {
  const starting = startAgentServer({
    directory: join(repository.worktree, row.directory),
    home: join(repository.root, 'home'),
    config: {},
    env: {},
    startTimeoutMs: row.startTimeoutMs,
    log: () => {},
  });
  await expect(starting).rejects.toThrow(AgentServerStartError);
  await expect(starting).rejects.toThrow(row.message);
  await until('nothing of it runs', () => processesWith(`HOME=${repository.root}/home`).length === 0, 1_000);
});
