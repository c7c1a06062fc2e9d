import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../api/client.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { startingTown } from './supervisor.ts';

describe('triage', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  const call = (method: string, path: string, token: string, body?: unknown) =>
    fixture.call(method, `/v1/agent/${path}`, {
      token,
      headers: { 'idempotency-key': uuidv7() },
      ...(body === undefined ? {} : { body }),
    });

  /** A town whose worker has asked for help, and the triage agent that is to decide about it. */
  const asked = async () => {
    const town = await startingTown(fixture);
    const { supervisor, townId } = town;
    await supervisor.bootstrap();
    await supervisor.sync();
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: 1 });
    const [worker] = (await supervisor.sync()).agents;
    if (worker === undefined) throw new Error('nobody works');
    const help = { severity: 'low', title: 'No access', text: 'The registry refuses me.' };
    await call('POST', 'escalate', worker.token, help);
    await fixture.reconcile(townId);
    const triage = (await supervisor.sync()).agents.find(({ role }) => role === 'triage');
    if (triage?.work.kind !== 'triage') throw new Error('triage should run');
    return { ...town, worker, triage, work: triage.work };
  };

  it('is dispatched with what it decides on, shown in why, and primed', async () => {
    const { triage, worker, work, path, token } = await asked();
    expect(work).toMatchObject({
      type: 'escalation',
      title: 'No access',
      text: 'The registry refuses me.',
      agentName: worker.name,
      beadTitle: 'first',
    });
    expect(triage).not.toHaveProperty('instructions');
    const why = await fixture.call('GET', `${path}/why`, { token });
    expect((why.body as { items: unknown[] }).items).toContainEqual(
      expect.objectContaining({
        subject: { kind: 'triageRequest', id: work.requestId, title: 'No access' },
        rule: 'triage/dispatch',
        who: 'agent',
      }),
    );
    const agents = await fixture.call('GET', `${path}/agents`, { token });
    expect((agents.body as { items: unknown[] }).items).toContainEqual(
      expect.objectContaining({ role: 'triage', hook: { kind: 'triageRequest', id: work.requestId } }),
    );
    expect((await call('GET', 'prime', triage.token)).body).toMatchObject({
      role: 'triage',
      work: { kind: 'triage', id: work.requestId, title: 'No access', body: 'The registry refuses me.' },
    });
  });

  it('decides once, by what it was offered; the town does it, and what was asked for is settled', async () => {
    const { triage, worker, work, townId, supervisor } = await asked();
    const before = await fixture.items();
    for (const body of [{}, { action: 'RESTART', reason: 'x' }, { action: 'restart', reason: ' ' }]) {
      expect(codeOf(await call('POST', 'triage/resolve', triage.token, body))).toBe('400 invalid_input');
    }
    const nudge = { action: 'nudge', reason: 'Use the mirror of the registry.' };
    expect(codeOf(await call('POST', 'triage/resolve', worker.token, nudge))).toBe('404 not_found');
    expect(codeOf(await call('POST', 'done', triage.token, { branch: 'x' }))).toBe('404 not_found');
    expect(codeOf(await call('POST', 'checkpoint', triage.token, { data: 'x' }))).toBe('404 not_found');
    expect(await fixture.items()).toEqual(before);

    expect((await call('POST', 'triage/resolve', triage.token, nudge)).status).toBe(202);
    await fixture.reconcile(townId);
    const { agents } = await supervisor.sync();
    expect(agents.map(({ role }) => role)).toEqual(['polecat']);
    expect(agents[0]?.messages).toMatchObject([
      { text: 'Use the mirror of the registry.', mode: 'immediate' },
    ]);
    expect(codeOf(await call('POST', 'triage/resolve', triage.token, nudge))).toBe('410 gone');
    expect((await fixture.live(townId)).live.escalation.size).toBe(0);
    const archived = await fixture.store.archived(townId, 'triageRequest', work.requestId);
    expect(archived).toMatchObject({ resolution: { action: 'nudge', by: 'triage' } });
  });

  it('of a landing no bead can be closed', async () => {
    const { triage, work, townId } = await asked();
    const town = await fixture.live(townId);
    const request = town.live.triageRequest.get(work.requestId);
    if (request === undefined) throw new Error('no request');
    const { beadId: _, ...ofNoBead } = request;
    const edit = {
      rule: 'api/test',
      subject: { kind: 'triageRequest', id: request.id },
      by: 'test',
      reason: 'x',
    } as const;
    await fixture.store.edit(
      town,
      { ...edit, changes: [{ op: 'update', kind: 'triageRequest', before: request, record: ofNoBead }] },
      Date.now(),
    );
    const close = { action: 'close_bead', reason: 'x' };
    expect(codeOf(await call('POST', 'triage/resolve', triage.token, close))).toBe('400 invalid_input');
  });
});
