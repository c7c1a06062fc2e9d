import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeJwt } from 'jose';
import { codeOf } from '../api/client.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { createModelSupervisor, NOTHING_SPENT, startingTown } from './supervisor.ts';

describe('sync', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  /** Messages to the town that `act` sends. */
  const messagesOf = async (act: () => Promise<unknown>): Promise<number> => {
    const before = fixture.counters.get('sqs.townMessages');
    await act();
    return fixture.counters.get('sqs.townMessages') - before;
  };
  const syncing = async (config?: object) => {
    const town = await startingTown(fixture, 'owner', config);
    await town.supervisor.bootstrap();
    return town;
  };

  it('tells the town about news, again and again until the town has taken it, and never without news', async () => {
    const { townId, supervisor, beadId } = await syncing();
    // The first sync is news until the container counts as running.
    expect(await messagesOf(() => supervisor.sync())).toBe(1);
    expect(await messagesOf(() => supervisor.sync())).toBe(1);
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: 2 });
    expect((await fixture.live(townId)).container.state).toBe('running');
    expect(await messagesOf(() => supervisor.sync())).toBe(0);

    supervisor.obey();
    expect(await messagesOf(() => supervisor.sync())).toBe(0);
    const [agent] = supervisor.agents;
    if (agent === undefined) throw new Error('no agent should run');

    // Another attempt, an agent that nobody asked for, a job that nobody asked for: nothing new.
    const stray = { ...agent, state: 'exited' } as const;
    const strays = [
      { agents: [{ ...stray, attempt: 7 }] },
      { agents: [{ ...stray, agentId: 'nobody' }] },
      { agents: [{ ...agent, state: 'idle' } as const] },
      {
        jobs: [{ jobId: 'old', state: 'done', result: { outcome: 'nothing_to_merge' } }] as const,
      },
    ];
    for (const over of strays) expect(await messagesOf(() => supervisor.send(over as object))).toBe(0);

    // The end of a session is news until the bead is open again.
    const exited = { ...agent, state: 'exited', reason: 'went home' } as const;
    supervisor.agents = [exited];
    expect(await messagesOf(() => supervisor.sync())).toBe(1);
    expect(await messagesOf(() => supervisor.sync())).toBe(1);
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: supervisor.syncs });
    expect((await fixture.live(townId)).live.bead.get(beadId)).toMatchObject({ status: 'open' });
    expect(await messagesOf(() => supervisor.sync())).toBe(0);
  });

  it('a result is news until the town no longer asks for it, and so is being drained', async () => {
    const { townId, supervisor, beadId } = await syncing();
    await supervisor.sync();
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: 1 });
    const [agent] = (await supervisor.sync()).agents;
    if (agent?.work.kind !== 'bead') throw new Error('no agent should run');
    const done = await fixture.call('POST', '/v1/agent/done', {
      token: agent.token,
      body: { branch: agent.work.branch },
    });
    expect(done.status).toBe(202);
    await fixture.reconcile(townId);
    const { jobs } = await supervisor.sync();
    expect(jobs).toMatchObject([{ kind: 'verify', branch: agent.work.branch }]);
    const jobId = jobs[0]?.jobId ?? '';
    supervisor.jobs = [{ jobId, state: 'running' }];
    expect(await messagesOf(() => supervisor.sync())).toBe(0);
    const result = { outcome: 'verified', headSha: 'a'.repeat(40), commits: 1 } as const;
    supervisor.jobs = [{ jobId, state: 'done', result }];
    expect(await messagesOf(() => supervisor.sync())).toBe(1);
    expect(await messagesOf(() => supervisor.sync())).toBe(1);
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: supervisor.syncs });
    expect((await fixture.live(townId)).live.bead.get(beadId)).toMatchObject({ status: 'in_review' });
    const next = await supervisor.sync();
    expect(next.jobs.map((job) => job.kind)).toEqual(['check']);
    expect(await messagesOf(() => supervisor.sync())).toBe(0);

    // The platform stops the task: it saves its work without having been asked to.
    supervisor.jobs = [];
    supervisor.phase = 'drained';
    expect(await messagesOf(() => supervisor.sync())).toBe(1);
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: supervisor.syncs });
    expect((await fixture.live(townId)).container.state).toBe('stopping');
    expect(codeOf(await supervisor.send())).toBe('410 gone');
  });

  it('a message to an agent is in the answer until it is reported delivered', async () => {
    const { townId, supervisor } = await syncing();
    await supervisor.sync();
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: 1 });
    const [agent] = (await supervisor.sync()).agents;
    if (agent?.work.kind !== 'bead') throw new Error('no agent should run');
    const done = { token: agent.token, body: { branch: 'another/branch' } };
    expect((await fixture.call('POST', '/v1/agent/done', done)).status).toBe(202);
    await fixture.reconcile(townId);
    supervisor.obey();
    const messages = (await supervisor.sync()).agents[0]?.messages ?? [];
    expect(messages).toMatchObject([{ text: expect.stringContaining(agent.work.branch) }]);
    expect((await supervisor.sync()).agents[0]?.messages).toEqual(messages);
    const deliveredMessageIds = messages.map(({ messageId }) => messageId);
    supervisor.agents = supervisor.agents.map((report) => ({ ...report, deliveredMessageIds }));
    expect(await messagesOf(() => supervisor.sync())).toBe(1);
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: supervisor.syncs });
    expect((await supervisor.sync()).agents[0]?.messages).toEqual([]);
    expect(await messagesOf(() => supervisor.sync())).toBe(0);
  });

  it('body and feedback come only until the agent is reported; each agent has its own token, which is stored nowhere', async () => {
    const { townId, supervisor, path, token, rigId } = await syncing();
    const body = { rigId, title: 'second', body: 'more to do' };
    await fixture.call('POST', `${path}/beads`, { token, body });
    await fixture.reconcile(townId);
    const { agents, containerToken } = await supervisor.sync();
    const bodyOf = ({ work }: (typeof agents)[number]) => work.body;
    expect(new Set(agents.map(bodyOf))).toEqual(new Set(['more to do', 'what to do']));
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: 1 });
    const [first, second] = agents;
    if (first === undefined || second === undefined) throw new Error('two agents should run');
    const report = (agent: typeof first, attempt = agent.attempt) => ({
      agentId: agent.agentId,
      attempt,
      state: 'starting' as const,
      usage: NOTHING_SPENT,
      deliveredMessageIds: [],
    });
    supervisor.agents = [report(first)];
    const partly = await supervisor.sync();
    const bodies = new Map(partly.agents.map((agent) => [agent.agentId, bodyOf(agent)]));
    expect(bodies.get(first.agentId)).toBeUndefined();
    expect(bodies.get(second.agentId)).toBe(bodyOf(second));
    // Another attempt of the agent is another session: it needs the text.
    supervisor.agents = [report(first, first.attempt + 1), report(second)];
    const again = await supervisor.sync();
    expect(again.agents.map(bodyOf).filter((text) => text !== undefined)).toEqual([bodyOf(first)]);

    const tokens = [first.token, second.token];
    expect(new Set(tokens).size).toBe(2);
    expect(tokens.map((one) => decodeJwt(one)['agentId'])).toEqual([first.agentId, second.agentId]);
    for (const one of [...tokens, containerToken]) {
      const { iat = 0, exp = 0 } = decodeJwt(one);
      expect(exp - iat).toBe(3600);
    }
    // The failed attempt's feedback is in the next one's start, and only there.
    supervisor.agents = [{ ...report(first), state: 'failed', reason: 'broke' }];
    await supervisor.sync();
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: supervisor.syncs });
    fixture.secrets.expectNoneIn(JSON.stringify(await fixture.items()));
  });

  it('an older report never overwrites a newer one, but is answered', async () => {
    const { townId, supervisor } = await syncing();
    await supervisor.sync({ sequence: 5 });
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: 5 });
    supervisor.obey();
    const agents = supervisor.agents.map((agent) => ({ ...agent, state: 'exited' as const }));
    for (const sequence of [5, 4, 1]) {
      expect(await messagesOf(() => supervisor.sync({ sequence, agents }))).toBe(0);
      expect((await fixture.live(townId)).observed).toMatchObject({ sequence: 5, agents: [] });
    }
    await supervisor.sync({ sequence: 6, agents });
    expect((await fixture.live(townId)).observed).toMatchObject({ sequence: 6, agents });
  });

  it('an epoch that is over, and a container that is being stopped, are 410 and leave no trace', async () => {
    const { townId, supervisor } = await syncing();
    await supervisor.sync();
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: 1 });
    const before = await fixture.items();
    for (const epoch of [2, 7]) expect(codeOf(await supervisor.send({ epoch }))).toBe('410 gone');
    expect(await fixture.items()).toEqual(before);
    fixture.clock.offsetMs = 95_000;
    await fixture.reconcile(townId);
    fixture.clock.offsetMs = 0;
    expect((await fixture.live(townId)).container.state).toBe('lost');
    const lost = await fixture.items();
    expect(codeOf(await supervisor.send())).toBe('410 gone');
    expect(await fixture.items()).toEqual(lost);
    await fixture.reconcile(townId, { type: 'task_stopped', epoch: 1, reason: 'test' });
    expect((await fixture.live(townId)).container).toMatchObject({ state: 'starting', epoch: 2 });
    const next = await createModelSupervisor(fixture, townId, 2);
    await next.bootstrap();
    await next.sync();
    const later = await fixture.items();
    expect(codeOf(await supervisor.send())).toBe('410 gone');
    // With the new epoch's number, but the old one's token.
    expect(codeOf(await supervisor.send({ epoch: 2 }))).toBe('410 gone');
    expect(await fixture.items()).toEqual(later);
  });

  it('refuses reports that are not the protocol, and too large ones, and tells where', async () => {
    const { supervisor, townId } = await syncing();
    const before = await fixture.items();
    const bad: [object, string][] = [
      [{ sequence: 0 }, 'sequence'],
      [{ phase: 'sleeping' }, 'phase'],
      [{ agents: Array.from({ length: 61 }, () => ({})) }, 'agents'],
      [{ agents: [{ agentId: 'a', attempt: 1, state: 'dancing' }] }, 'agents.0.state'],
      [{ jobs: 'none' }, 'jobs'],
    ];
    for (const [over, path] of bad) {
      const answer = await supervisor.send(over);
      expect(codeOf(answer)).toBe('400 invalid_input');
      expect((answer.body as { issues: { path: string }[] }).issues.map((issue) => issue.path)).toContain(
        path,
      );
    }
    const result = { outcome: 'error', code: 'x', message: 'x'.repeat(120 * 1024) } as const;
    const large = await supervisor.send({ jobs: [{ jobId: 'j', state: 'done', result }] });
    expect(codeOf(large)).toBe('413 too_large');
    expect(await fixture.items()).toEqual(before);
    // What is newer than this code is no error.
    const later: object = { somethingNew: true };
    await supervisor.sync({ protocol: 2, ...later });
    expect((await fixture.live(townId)).observed?.sequence).toBe(supervisor.syncs);
  });

  it('model credentials are for containers that run, of this town', async () => {
    const { supervisor, townId } = await syncing();
    const ask = (token: string) =>
      fixture.call('POST', '/v1/container/model-credentials', { token, body: {} });
    expect(await ask(supervisor.token)).toMatchObject({ status: 200, body: { providerId: 'test' } });
    const [agent] = (await supervisor.sync()).agents;
    expect(codeOf(await ask(agent?.token ?? ''))).toBe('401 unauthorized');
    await fixture.reconcile(townId, { type: 'task_stopped', epoch: 1, reason: 'test' });
    expect(codeOf(await ask(supervisor.token))).toBe('410 gone');
  });
});
