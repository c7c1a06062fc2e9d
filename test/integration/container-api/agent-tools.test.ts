import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentClaims } from '../../../core/ports.ts';
import { codeOf, idOf } from '../api/client.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { startingTown } from './supervisor.ts';

const SHA = { head: 'a'.repeat(40), target: 'b'.repeat(40), candidate: 'c'.repeat(40) };

describe("agents' tools", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  /** A town with a polecat at work, as its container sees it. */
  const working = async () => {
    const town = await startingTown(fixture);
    await town.supervisor.bootstrap();
    await town.supervisor.sync();
    await fixture.reconcile(town.townId, { type: 'container_synced', epoch: 1, sequence: 1 });
    const [agent] = (await town.supervisor.sync()).agents;
    if (agent?.work.kind !== 'bead') throw new Error('no agent should run');
    const { agentId, role, attempt, token: agentToken, work } = agent;
    const claims: AgentClaims = {
      townId: town.townId,
      epoch: 1,
      agentId,
      role,
      attempt,
      work: { kind: 'bead', id: work.beadId },
    };
    return { ...town, agentToken, claims, work };
  };
  const tool = (method: string, path: string, token: string, body?: unknown) =>
    fixture.call(method, `/v1/agent/${path}`, { token, ...(body === undefined ? {} : { body }) });
  const tokenOf = async (claims: AgentClaims): Promise<string> => {
    const token = await fixture.tokens.agentToken(claims);
    fixture.secrets.add(token);
    return token;
  };
  const unchanged = async (act: () => Promise<void>) => {
    const before = await fixture.items();
    await act();
    expect(await fixture.items()).toEqual(before);
  };

  it('prime tells what there is to do, done is a statement, a bead of the rig can be looked up', async () => {
    const { agentToken, claims, work, path, token, rigId, townId } = await working();
    expect((await tool('GET', 'prime', agentToken)).body).toEqual({
      agentId: claims.agentId,
      role: 'polecat',
      name: expect.any(String),
      work: {
        kind: 'bead',
        id: claims.work.id,
        title: 'first',
        body: 'what to do',
        status: 'in_progress',
        branch: work.branch,
      },
    });
    expect((await tool('GET', `beads/${claims.work.id}`, agentToken)).body).toMatchObject({
      id: claims.work.id,
      status: 'in_progress',
      dependsOn: [],
    });
    const make = async (route: string, body: object) =>
      idOf(await fixture.call('POST', route, { token, body }));
    const ended = await make(`${path}/beads`, { rigId, title: 'ended', held: true });
    await fixture.call('POST', `${path}/beads/${ended}/cancel`, { token, body: { as: 'closed' } });
    await fixture.reconcile(townId);
    expect((await tool('GET', `beads/${ended}`, agentToken)).body).toMatchObject({ status: 'closed' });

    const otherRig = await make(`${path}/rigs`, { name: 'other', gitUrl: '/srv/other.git' });
    const inOtherRig = await make(`${path}/beads`, { rigId: otherRig, title: 'x', held: true });
    const otherTown = await fixture.town('owner');
    const inOtherTown = await make(`${otherTown.path}/beads`, {
      rigId: otherTown.rigId,
      title: 'x',
      held: true,
    });
    for (const id of [inOtherRig, inOtherTown, 'no-such-bead', '%00', 'x'.repeat(2000)]) {
      expect(codeOf(await tool('GET', `beads/${id}`, agentToken))).toBe('404 not_found');
    }

    const done = await tool('POST', 'done', agentToken, { branch: work.branch, summary: 'did it' });
    expect(done).toMatchObject({ status: 202, body: { inboxId: expect.any(String) } });
    expect((await fixture.live(townId)).inbox).toMatchObject([
      {
        id: (done.body as { inboxId: string }).inboxId,
        statement: {
          type: 'agent_done',
          agentId: claims.agentId,
          beadId: claims.work.id,
          branch: work.branch,
        },
      },
    ]);
    await unchanged(async () => {
      for (const body of [{}, { branch: '' }, { branch: work.branch, agentId: 'somebody else' }]) {
        expect(codeOf(await tool('POST', 'done', agentToken, body))).toBe('400 invalid_input');
      }
    });
  });

  it('a superseded attempt, epoch or hook is 410 on every tool, and states nothing', async () => {
    const { claims, work, townId, supervisor } = await working();
    const stale: AgentClaims[] = [
      { ...claims, attempt: claims.attempt + 1 },
      { ...claims, attempt: claims.attempt - 1 },
      { ...claims, epoch: 2 },
      { ...claims, epoch: 0 },
      { ...claims, work: { kind: 'bead', id: 'another' } },
      { ...claims, agentId: 'nobody' },
      { ...claims, townId: 'nowhere' },
    ];
    const tools: [string, string, object | undefined][] = [
      ['GET', 'prime', undefined],
      ['GET', `beads/${claims.work.id}`, undefined],
      ['POST', 'done', { branch: work.branch }],
    ];
    const reviewer = { ...claims, role: 'refinery', work: { kind: 'mergeRequest', id: 'mr' } } as const;
    await unchanged(async () => {
      for (const one of stale) {
        for (const [method, path, body] of tools) {
          const answer = await tool(method, path, await tokenOf(one), body);
          expect(`${path} ${JSON.stringify(one)} ${codeOf(answer)}`).toBe(
            `${path} ${JSON.stringify(one)} 410 gone`,
          );
        }
      }
      const verdict = await tool('POST', 'verdict', await tokenOf(reviewer), { verdict: 'approve' });
      expect(codeOf(verdict)).toBe('410 gone');
    });
    // The session that really ended: its own token is worth nothing any more.
    supervisor.obey();
    supervisor.agents = supervisor.agents.map((agent) => ({ ...agent, state: 'exited' }));
    await supervisor.sync();
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: supervisor.syncs });
    const answer = await tool('POST', 'done', await tokenOf(claims), { branch: work.branch });
    expect(codeOf(answer)).toBe('410 gone');
  });

  it("each tool is for its role: a reviewer is not done, a worker gives no verdict, a container uses no agent's tool", async () => {
    const { townId, agentToken, work, supervisor } = await working();
    await unchanged(async () => {
      const verdict = await tool('POST', 'verdict', agentToken, { verdict: 'approve' });
      expect(codeOf(verdict)).toBe('404 not_found');
    });
    await tool('POST', 'done', agentToken, { branch: work.branch });
    await fixture.reconcile(townId);
    const finish = async (result: object) => {
      const [job] = (await supervisor.sync()).jobs;
      supervisor.agents = [];
      await supervisor.send({ jobs: [{ jobId: job?.jobId, state: 'done', result }] } as object);
      await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: supervisor.syncs });
    };
    await finish({ outcome: 'verified', headSha: SHA.head, commits: 1 });
    await finish({
      outcome: 'passed',
      headSha: SHA.head,
      targetSha: SHA.target,
      candidateSha: SHA.candidate,
    });
    const [reviewer] = (await supervisor.sync()).agents;
    if (reviewer?.work.kind !== 'review') throw new Error('a reviewer should run');
    // The reviewer sees what was asked for.
    expect(reviewer.work).toMatchObject({ body: 'what to do', candidateSha: SHA.candidate });
    expect((await tool('GET', 'prime', reviewer.token)).body).toMatchObject({
      role: 'refinery',
      work: { kind: 'review', id: reviewer.work.mergeRequestId, status: 'reviewing' },
    });
    await unchanged(async () => {
      const done = await tool('POST', 'done', reviewer.token, { branch: work.branch });
      expect(codeOf(done)).toBe('404 not_found');
      for (const feedback of [undefined, '', '  \n']) {
        const body = { verdict: 'request_changes', feedback };
        expect(codeOf(await tool('POST', 'verdict', reviewer.token, body))).toBe('400 invalid_input');
      }
      for (const body of [{}, { verdict: 'maybe' }, { verdict: 'approve', by: 'me' }]) {
        expect(codeOf(await tool('POST', 'verdict', reviewer.token, body))).toBe('400 invalid_input');
      }
      const agentRoutes: [string, string][] = [
        ['GET', '/v1/agent/prime'],
        ['GET', '/v1/agent/beads/x'],
        ['POST', '/v1/agent/done'],
        ['POST', '/v1/agent/verdict'],
      ];
      const user = await fixture.userToken('owner');
      for (const [method, path] of agentRoutes) {
        for (const token of [supervisor.token, user, undefined]) {
          const call = { token, ...(method === 'POST' ? { body: {} } : {}) };
          expect(codeOf(await fixture.call(method, path, call))).toBe('401 unauthorized');
        }
      }
      for (const path of ['/v1/container/sync', '/v1/container/model-credentials']) {
        for (const token of [reviewer.token, agentToken, user, undefined]) {
          expect(codeOf(await fixture.call('POST', path, { token, body: {} }))).toBe('401 unauthorized');
        }
      }
    });
    const said = { verdict: 'request_changes', feedback: 'name it better' };
    expect((await tool('POST', 'verdict', reviewer.token, said)).status).toBe(202);
    await fixture.reconcile(townId);
    const [next] = (await supervisor.sync()).agents;
    expect(next?.work).toMatchObject({ kind: 'bead', body: 'what to do', feedback: 'name it better' });
    expect(codeOf(await tool('POST', 'verdict', reviewer.token, said))).toBe('410 gone');
  });

  it('tokens end after an hour', async () => {
    const { agentToken, supervisor } = await working();
    try {
      fixture.clock.offsetMs = 3_610_000;
      expect(codeOf(await tool('GET', 'prime', agentToken))).toBe('401 unauthorized');
      expect(codeOf(await supervisor.send())).toBe('401 unauthorized');
    } finally {
      fixture.clock.offsetMs = 0;
    }
  });
});
