import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createIds } from '../../../core/ids.ts';
import type { AgentSpec, AgentWork } from '../../../core/protocol/sync.ts';
import { startScriptedModel } from '../../../local/scripted-model/server.ts';
import type { ScriptedModel } from '../../../local/scripted-model/server.ts';
import type { Conversation, Script } from '../../../local/scripted-model/script.ts';
import { saidToAgent } from '../../../local/scripted-model/transcript.ts';
import { townScript } from '../../../local/scripted-model/town-script.ts';
import { buildPlugin } from '../../../task-image/plugin/build.ts';
import { beadWork, createRepository, startTestAgent, startTownStub, until } from './fixture.ts';
import type { Repository, TestAgent, TownAnswer, TownCall, TownStub } from './fixture.ts';

vi.setConfig({ testTimeout: 90_000 });

let repository: Repository;
let pluginFile: string;
let conversations: Conversation[];
const cleanUps: (() => Promise<void>)[] = [];

beforeEach(async () => {
  repository = createRepository('gt/nux');
  pluginFile = join(repository.root, 'plugin', 'gastown.js');
  await buildPlugin(pluginFile);
  conversations = [];
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  repository.remove();
});

async function model(script: Script = townScript, stepDelayMs = 0): Promise<ScriptedModel> {
  const started = await startScriptedModel({
    stepDelayMs,
    script: (conversation) => {
      if (conversation.tools.length > 0) conversations.push(conversation);
      return script(conversation);
    },
  });
  cleanUps.push(started.close);
  return started;
}

const CHAT: AgentWork = {
  kind: 'chat',
  townName: 'Hill Town',
  rigs: [{ rigId: 'rig-1', name: 'app', defaultBranch: 'main' }],
  history: [
    { from: 'user', text: 'Good morning' },
    { from: 'mayor', text: 'Good morning to you' },
  ],
};

const ANSWERS: Readonly<Record<string, (call: TownCall) => unknown>> = {
  '/v1/agent/prime': () => ({
    agentId: 'agent-1',
    role: 'mayor',
    name: 'mayor',
    work: { kind: 'chat', id: 'town-1', title: 'Hill Town', status: 'active' },
  }),
  '/v1/agent/mayor/list-rigs': () => ({ items: [{ rig_id: 'rig-1', name: 'app' }] }),
  '/v1/agent/mayor/sling-batch': () => ({ convoy: { title: 'Totals', state: 'active' } }),
  '/v1/agent/mayor/status': () => ({
    container: { state: 'running' },
    beads: { open: 2 },
    convoys: { open: 1 },
  }),
};

async function town(): Promise<TownStub> {
  const answer = (call: TownCall): TownAnswer | undefined => {
    const body = ANSWERS[call.path]?.(call);
    return body === undefined ? undefined : { status: 200, body };
  };
  const started = await startTownStub({ validTokens: new Set(['token-1']), answer });
  cleanUps.push(started.close);
  return started;
}

async function start(townStub: TownStub, modelUrl: string, work: AgentWork): Promise<TestAgent> {
  const spec: AgentSpec = {
    agentId: 'agent-1',
    role: work.kind === 'chat' ? 'mayor' : 'polecat',
    name: work.kind === 'chat' ? 'mayor' : 'nux',
    rigId: work.kind === 'chat' ? '' : 'rig-1',
    attempt: 1,
    work,
    token: 'token-1',
    messages: [],
  };
  const started = await startTestAgent({
    repository,
    pluginFile,
    town: townStub,
    modelUrl,
    work,
    token: 'token-1',
    overrides: { spec, idleTimeoutMs: work.kind === 'chat' ? Number.POSITIVE_INFINITY : 20_000 },
  });
  cleanUps.push(() => started.agent.stop());
  return started;
}

const messageIds = createIds('messages', Date.UTC(2026, 0, 1));

test('a mayor is ready without a model call; each message is a turn, delivered and answered when that has ended', async () => {
  const townStub = await town();
  const scripted = await model();
  const { agent, reports } = await start(townStub, scripted.url, CHAT);
  expect(agent.report()).toMatchObject({ state: 'idle', replies: [], usage: { inputTokens: 0 } });
  expect(agent.report()).not.toHaveProperty('lastTurnAt');
  expect(scripted.stats().requests).toBe(0);

  const [first, second] = [messageIds.next(), messageIds.next()];
  const request = 'Compute totals: add a function, add a column and then write a test';
  agent.deliver([
    { messageId: first, text: request },
    { messageId: second, text: 'How is it going?' },
  ]);
  await until('both are answered', () => agent.report().deliveredMessageIds.length === 2, 40_000);

  const replies = agent.report().replies ?? [];
  expect(replies.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^I made the convoy "Totals" of 3 beads: .*Workers take it from here\.$/),
    'Beads: 2 open. Convoys: 1 open. The container is running.',
  ]);
  expect(replies[1]?.sequence).toBeGreaterThan(replies[0]?.sequence ?? 0);
  // Never delivered before it was answered.
  for (const { deliveredMessageIds, replies: said = [] } of reports)
    expect(said).toHaveLength(deliveredMessageIds.length);
  await until('the last turn has ended', () => agent.report().state === 'idle');

  const calls = townStub.calls.filter(({ path }) => path.startsWith('/v1/agent/mayor/'));
  expect(calls.map(({ path }) => path.split('/').at(-1))).toEqual(['list-rigs', 'sling-batch', 'status']);
  expect(calls[1]?.idempotencyKey).toMatch(new RegExp(`^${first}\\.[0-9a-f]{32}$`));
  expect(calls[2]?.idempotencyKey).toMatch(new RegExp(`^${second}\\.`));
  expect(calls[1]?.body).toMatchObject({
    rig_id: 'rig-1',
    tasks: [{ depends_on: [] }, { depends_on: [] }, { depends_on: [0, 1] }],
  });

  const [said] = conversations;
  expect(said?.system).toContain('You are the mayor');
  expect(said?.system).toContain('Good morning to you');
  expect(said?.tools).toEqual(expect.arrayContaining(['gt_sling_batch', 'gt_nudge', 'gt_prime']));
  for (const hand of ['bash', 'edit', 'write', 'task', 'gt_done']) expect(said?.tools).not.toContain(hand);
});

test('the same message to a later session is told with a note, and asks the town with the same key', async () => {
  const townStub = await town();
  const scripted = await model();
  const messageId = messageIds.next();
  const text = 'Add a function and then write a test';
  const keys: string[] = [];
  for (const isRepeated of [false, true]) {
    const { agent } = await start(townStub, scripted.url, CHAT);
    agent.deliver([{ messageId, text, ...(isRepeated ? { isRepeated } : {}) }]);
    await until('it is answered', () => agent.report().deliveredMessageIds.length === 1, 40_000);
    keys.push(townStub.calls.findLast(({ path }) => path.endsWith('sling-batch'))?.idempotencyKey ?? '');
    await agent.stop();
  }
  expect(keys[0]).toContain(messageId);
  expect(keys[1]).toBe(keys[0]);
  expect(saidToAgent(conversations.at(-1) ?? { system: '', messages: [], tools: [], turn: 0 })[0]).toMatch(
    /^\[A session of yours before this one/,
  );
});

/** A worker that runs commands for a while, and answers what it is told last. */
const busy =
  (steps: number): Script =>
  (conversation) => {
    const said = saidToAgent(conversation);
    const calls = conversation.messages.flatMap(({ toolCalls }) => toolCalls ?? []).length;
    if (calls < steps && said.length < 3)
      return { call: { tool: 'bash', args: { command: `sleep 0.3 # ${calls}`, description: 'Work' } } };
    return { say: `heard ${said.length}` };
  };

test('an immediate nudge is heard in the running turn, a queued one with the next thing, a patient one after the turn', async () => {
  const townStub = await town();
  const scripted = await model(busy(12), 50);
  const { agent } = await start(townStub, scripted.url, beadWork('work'));
  await until('it works', () => conversations.length > 2, 30_000);
  const turnsSoFar = agent.report().lastTurnAt;
  const waiting = [
    { messageId: 'queued', text: 'Q: mind the style', mode: 'queue' },
    { messageId: 'patient', text: 'P: and say when you are done', mode: 'wait-idle' },
  ] as const;
  agent.deliver([...waiting, { messageId: 'read', text: 'R: it has read this itself', mode: 'wait-idle' }]);
  // All that is still to be said: what has gone from it is not said.
  agent.deliver([...waiting, { messageId: 'now', text: 'I: stop that', mode: 'immediate' }]);
  await until(
    'it hears the immediate one',
    () =>
      conversations.some((conversation) =>
        saidToAgent(conversation).some((said) => said.includes('I: stop')),
      ),
    30_000,
  );
  expect(agent.report().lastTurnAt).toBe(turnsSoFar);
  await until('it hears all', () => agent.report().deliveredMessageIds.length === 3, 40_000);
  await until('the turn ends', () => agent.report().state === 'idle', 30_000);

  const said = saidToAgent(conversations.at(-1) ?? { system: '', messages: [], tools: [], turn: 0 }).slice(1);
  expect(said).toEqual(['I: stop that', 'Q: mind the style\n\nP: and say when you are done']);
});
