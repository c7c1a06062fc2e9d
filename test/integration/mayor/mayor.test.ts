import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { mayorTools } from '../../../core/protocol/mayor-api.ts';
import type { AgentReport, AgentSpec } from '../../../core/protocol/sync.ts';
import { idOf } from '../api/client.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { createModelSupervisor, NOTHING_SPENT, type ModelSupervisor } from '../container-api/supervisor.ts';

/** The mayor from both sides: people's routes, and the tools of a session that a model supervisor pretends to run. */

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const post = (path: string, token: string, body: object = {}, headers?: Record<string, string>) =>
  fixture.call('POST', path, { token, body, ...(headers === undefined ? {} : { headers }) });

const chatAnswer = z.looseObject({
  session: z.looseObject({ status: z.string() }).nullable(),
  items: z.array(z.looseObject({ from: z.string(), text: z.string(), unanswered: z.boolean() })),
  nextCursor: z.string().nullable(),
});

async function chatOf(path: string, token: string, query = '') {
  return chatAnswer.parse((await fixture.call('GET', `${path}/mayor${query}`, { token })).body);
}

const talk = ({ items }: z.infer<typeof chatAnswer>): string[] =>
  items.map(({ from, text, unanswered }) => `${from}: ${text}${unanswered ? ' (unanswered)' : ''}`);

/** A town whose container has begun its first session of the mayor. */
async function townWithMayor(message: string) {
  const town = await fixture.town(`owner-${crypto.randomUUID()}`, { stagedConvoysDefault: false });
  await post(`${town.path}/mayor/messages`, town.token, { message });
  await fixture.reconcile(town.townId);
  const supervisor = await createModelSupervisor(fixture, town.townId, 1);
  await supervisor.bootstrap();
  await supervisor.sync();
  await fixture.reconcile(town.townId);
  return { ...town, supervisor, spec: mayorOf(await supervisor.sync()) };
}

function mayorOf({ agents }: { agents: readonly AgentSpec[] }): AgentSpec {
  const spec = agents.find(({ role }) => role === 'mayor');
  if (spec === undefined) throw new Error('no mayor should run');
  return spec;
}

async function says(
  { supervisor, townId }: { supervisor: ModelSupervisor; townId: string },
  spec: AgentSpec,
  report: Partial<AgentReport>,
): Promise<AgentSpec> {
  const { agentId, attempt } = spec;
  supervisor.agents = [
    { agentId, attempt, state: 'working', usage: NOTHING_SPENT, deliveredMessageIds: [], ...report },
  ];
  await supervisor.sync();
  await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: supervisor.syncs });
  return mayorOf(await supervisor.sync());
}

const toolOf = (spec: AgentSpec) => (name: keyof typeof mayorTools, body: object, key?: string) =>
  post(
    `/v1/agent/mayor/${mayorTools[name].path}`,
    spec.token,
    body,
    key === undefined ? {} : { 'idempotency-key': key },
  );

describe('the chat', () => {
  it('ensure names the mayor before it is made, and says how its session stands', async () => {
    const { path, token, townId } = await fixture.town('ensurer');
    expect(await chatOf(path, token)).toMatchObject({ session: null, items: [], unanswered: 0 });
    const first = await post(`${path}/mayor/ensure`, token);
    expect(first).toMatchObject({
      status: 200,
      body: { sessionStatus: 'starting', decision: 'fresh_dispatch' },
    });
    await fixture.reconcile(townId);
    const { agentId } = z.looseObject({ agentId: z.string() }).parse(first.body);
    expect((await fixture.live(townId)).live.agent.get(agentId)).toMatchObject({
      role: 'mayor',
      status: 'working',
    });

    const supervisor = await createModelSupervisor(fixture, townId, 1);
    await supervisor.bootstrap();
    await supervisor.sync();
    await fixture.reconcile(townId);
    const spec = mayorOf(await supervisor.sync());
    expect(spec).toMatchObject({ agentId, messages: [], work: { kind: 'chat', townName: 'town' } });
    await says({ supervisor, townId }, spec, { state: 'idle' });
    expect((await post(`${path}/mayor/ensure`, token)).body).toEqual({
      agentId,
      sessionStatus: 'active',
      decision: 'short_circuit_warm',
    });
    await post(`${path}/pause`, token);
    expect((await post(`${path}/mayor/ensure`, token)).body).toEqual({
      agentId,
      sessionStatus: 'idle',
      decision: 'short_circuit_idle',
    });
  });

  it('a message is answered when its turn has ended, with its answer in the chat; the container may sleep then', async () => {
    const town = await townWithMayor('Hello');
    const { path, token, spec } = town;
    expect(spec.messages).toMatchObject([{ text: 'Hello' }]);
    expect(spec.messages[0]).not.toHaveProperty('isRepeated');
    expect(talk(await chatOf(path, token))).toEqual(['user: Hello (unanswered)']);
    const lastTurnAt = new Date(fixture.now()).toISOString();
    await says(town, spec, { lastTurnAt });
    expect((await fixture.live(town.townId)).container.idleSince).toBeUndefined();

    const done = await says(town, spec, {
      state: 'idle',
      lastTurnAt,
      deliveredMessageIds: spec.messages.map(({ messageId }) => messageId),
      replies: [{ sequence: 1, text: 'Good day', at: lastTurnAt }],
    });
    expect(done.messages).toEqual([]);
    const chat = await chatOf(path, token);
    expect(talk(chat)).toEqual(['user: Hello', 'mayor: Good day']);
    expect(chat.session).toMatchObject({ status: 'active', lastActiveAt: lastTurnAt });
    const { container } = await fixture.live(town.townId);
    expect(container.idleSince).toBeDefined();

    const newest = await chatOf(path, token, '?limit=1');
    expect(talk(newest)).toEqual(['mayor: Good day']);
    const cursor = encodeURIComponent(newest.nextCursor ?? '');
    expect(await chatOf(path, token, `?limit=1&cursor=${cursor}`)).toMatchObject({
      items: [{ from: 'user' }],
      nextCursor: null,
    });
  });

  it.each([
    ['no message', {}],
    ['only spaces', { message: ' \n' }],
    ['over 16 KiB', { message: 'é'.repeat(8193) }],
    ['a context over 4 KiB', { message: 'x', context: 'x'.repeat(4097) }],
    ['an unknown field', { message: 'x', model: 'y' }],
  ])('%s is refused', async (_, body) => {
    const { path, token } = await fixture.town('refused');
    expect((await post(`${path}/mayor/messages`, token, body)).status).toBe(400);
  });

  it('a backlog is refused at 20 unanswered messages; somebody else sees nothing of the mayor', async () => {
    const { path, token, townId } = await fixture.town('writer');
    for (let count = 0; count < 20; count += 1) await post(`${path}/mayor/messages`, token, { message: 'x' });
    await fixture.reconcile(townId);
    expect((await post(`${path}/mayor/messages`, token, { message: 'x' })).status).toBe(409);
    const stranger = await fixture.userToken('stranger');
    for (const answer of [
      await fixture.call('GET', `${path}/mayor`, { token: stranger }),
      await post(`${path}/mayor/ensure`, stranger),
      await post(`${path}/mayor/messages`, stranger, { message: 'x' }),
    ]) {
      expect(answer.status).toBe(404);
    }
  });
});

const batch = (rigId: string) => ({
  rig_id: rigId,
  convoy_title: 'Totals',
  tasks: [{ title: 'Compute' }, { title: 'Show', depends_on: [0] }],
});

describe('the tools', () => {
  it('a batch is a convoy; the same one for the same message, by a later session, too, is the same convoy', async () => {
    const town = await townWithMayor('Totals, please');
    const { rigId, townId, spec, supervisor } = town;
    const key = `${spec.messages[0]?.messageId ?? ''}.0123456789abcdef`;
    const made = await toolOf(spec)('gt_sling_batch', batch(rigId), key);
    expect(made).toMatchObject({
      status: 200,
      body: {
        convoy: { title: 'Totals', state: 'active', beads: { total: 2 } },
        beads: [{ created_by: 'mayor' }, { depends_on: [{ outcome: 'open' }] }],
      },
    });
    expect((await toolOf(spec)('gt_sling_batch', batch(rigId), key)).body).toEqual(made.body);

    // The session breaks; the next one, after a pause, is told of the message again.
    await supervisor.sync();
    const { agentId, attempt } = spec;
    supervisor.agents = [
      { agentId, attempt, state: 'failed', usage: NOTHING_SPENT, deliveredMessageIds: [], reason: 'gone' },
    ];
    await supervisor.sync();
    await fixture.reconcile(townId);
    expect((await toolOf(spec)('gt_list_rigs', {})).status).toBe(410);
    supervisor.agents = [];
    fixture.clock.offsetMs += 31_000;
    await supervisor.sync();
    await fixture.reconcile(townId);
    const next = mayorOf(await supervisor.sync());
    expect(next).toMatchObject({ attempt: attempt + 1, messages: [{ isRepeated: true }] });
    const again = await toolOf(next)('gt_sling_batch', batch(rigId), key);
    expect(again.body).toMatchObject({ convoy: { convoy_id: convoyId(made.body) } });
    expect((await fixture.live(townId)).live.convoy.size).toBe(1);
  });

  it('independent tasks need parallel: true; ids of others, and what the schema does not know, are refused', async () => {
    const { rigId, spec } = await townWithMayor('x');
    const tool = toolOf(spec);
    const tasks = [{ title: 'a' }, { title: 'b' }];
    const refused = await tool('gt_sling_batch', { ...batch(rigId), tasks });
    expect(refused).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('parallel: true') },
    });
    expect((await tool('gt_sling_batch', { ...batch(rigId), tasks, parallel: true })).status).toBe(200);
    expect((await tool('gt_sling_batch', { ...batch(rigId), tasks: [{ title: 'a' }] })).status).toBe(200);
    const other = await fixture.town('another');
    expect((await tool('gt_sling', { rig_id: other.rigId, title: 'x' })).status).toBe(404);
    expect((await tool('gt_config_read', { rig_id: other.rigId })).status).toBe(404);
    expect((await tool('gt_sling', { rig_id: rigId, title: 'x', metadata: {} })).status).toBe(400);
  });

  it('looks at everything and acts on it', async () => {
    const { rigId, townId, spec, supervisor, path, token } = await townWithMayor('x');
    const tool = toolOf(spec);
    const held = await tool('gt_sling', { rig_id: rigId, title: 'Held', body: 'all of it', held: true });
    const beadId = z.looseObject({ bead: z.looseObject({ bead_id: z.string() }) }).parse(held.body)
      .bead.bead_id;
    const staged = await tool('gt_sling_batch', { ...batch(rigId), staged: true });
    const id = convoyId(staged.body);
    const worker = idOf(await post(`${path}/beads`, token, { rigId, title: 'Work' }));
    await fixture.reconcile(townId);

    expect((await tool('gt_list_rigs', {})).body).toMatchObject({ items: [{ rig_id: rigId, name: 'rig' }] });
    expect((await tool('gt_list_beads', { rig_id: rigId })).body).toMatchObject({ items: { length: 4 } });
    expect((await tool('gt_list_convoys', { is_open: true })).body).toMatchObject({
      items: [{ state: 'staged' }],
    });
    expect((await tool('gt_convoy_status', { convoy_id: id })).body).toMatchObject({ beads: { length: 2 } });
    expect((await tool('gt_status', {})).body).toMatchObject({
      beads: { open: 3, inProgress: 1 },
      escalations: [],
    });
    expect((await tool('gt_why', { bead_id: beadId })).body).toMatchObject({
      items: [{ waiting_on: 'start' }],
    });
    expect((await tool('gt_config_read', {})).body).toMatchObject({
      settings: { stagedConvoysDefault: false },
    });
    const agents = await tool('gt_list_agents', { rig_id: rigId });
    const [{ agent_id: agentId }] = z
      .looseObject({ items: z.tuple([z.looseObject({ agent_id: z.string() })]) })
      .parse(agents.body).items;

    const acts = [
      await tool('gt_convoy_add_bead', { convoy_id: id, bead_id: beadId }),
      await tool('gt_bead_update', { bead_id: beadId, title: 'Better', labels: ['x'] }),
      await tool('gt_bead_start', { bead_id: beadId }),
      await tool('gt_nudge', { agent_id: agentId, message: 'hurry', mode: 'immediate' }),
      await tool('gt_convoy_start', { convoy_id: id }),
    ];
    expect(acts.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await fixture.reconcile(townId);
    const { live } = await fixture.live(townId);
    expect(live.convoy.get(id)).toMatchObject({ state: 'active', beads: { length: 3 } });
    expect(live.bead.get(beadId)).toMatchObject({ title: 'Better', isHeld: false, convoyId: id });
    const worked = (await supervisor.sync()).agents.find((one) => one.agentId === agentId);
    expect(worked?.messages).toMatchObject([{ text: 'hurry', mode: 'immediate' }]);

    // A worker asks for help; the mayor sees it and sets it aside. The same call again is the same escalation.
    const call = { severity: 'high', title: 'No access' };
    const key = { 'idempotency-key': '019b76da-a800-7000-8000-000000000001' };
    for (let tries = 0; tries < 2; tries += 1)
      expect((await post('/v1/agent/escalate', worked?.token ?? '', call, key)).status).toBe(202);
    await fixture.reconcile(townId);
    const seen = z
      .looseObject({ escalations: z.array(z.looseObject({ escalation_id: z.string(), title: z.string() })) })
      .parse((await tool('gt_status', {})).body).escalations;
    expect(seen).toMatchObject([{ title: 'No access' }]);
    await tool('gt_escalation_acknowledge', { escalation_id: seen[0]?.escalation_id ?? '' });
    await tool('gt_agent_reset', { agent_id: agentId });
    await tool('gt_bead_cancel', { bead_id: worker, as: 'closed', reason: 'not needed' });
    await tool('gt_convoy_close', { convoy_id: id, reason: 'given up' });
    await fixture.reconcile(townId);
    expect((await tool('gt_list_beads', { status: 'closed' })).body).toMatchObject({
      items: [{ title: 'Work' }],
    });
    expect((await tool('gt_status', {})).body).toMatchObject({ escalations: [] });
    expect((await fixture.live(townId)).live.convoy.size).toBe(0);
    expect((await tool('gt_bead_reopen', { bead_id: worker })).status).toBe(200);
  });

  it('are the mayor’s alone, and escalations the workers’', async () => {
    const { rigId, townId, spec, supervisor, path, token } = await townWithMayor('x');
    await post(`${path}/beads`, token, { rigId, title: 'Work' });
    await fixture.reconcile(townId);
    const worker = (await supervisor.sync()).agents.find(({ role }) => role === 'polecat');
    for (const name of ['gt_status', 'gt_list_rigs'] as const) {
      expect((await toolOf(worker ?? spec)(name, {})).status).toBe(404);
    }
    expect((await post('/v1/agent/escalate', spec.token, { severity: 'low', title: 'x' })).status).toBe(404);
    const primed = await fixture.call('GET', '/v1/agent/prime', { token: spec.token });
    expect(primed.body).toMatchObject({ role: 'mayor', work: { kind: 'chat', title: 'town' } });
  });
});

const convoyId = (body: unknown): string =>
  z.looseObject({ convoy: z.looseObject({ convoy_id: z.string() }) }).parse(body).convoy.convoy_id;
