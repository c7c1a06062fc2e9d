import { randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../api/client.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { startingTown } from './supervisor.ts';

describe('a bead that is done in steps', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  const steps = [{ title: 'Look', instructions: 'At both sides.' }, { title: 'Leap' }];

  /** A polecat at work on a bead with these steps. */
  const atWork = async () => {
    const town = await startingTown(fixture);
    const { supervisor, townId, token, path, rigId } = town;
    const made = await fixture.call('POST', `${path}/beads`, {
      token,
      headers: { 'idempotency-key': randomUUID() },
      body: { rigId, title: 'in steps', steps },
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        steps: [
          { ...steps[0], summary: null },
          { ...steps[1], summary: null },
        ],
      },
    });
    await fixture.reconcile(townId);
    await supervisor.bootstrap();
    await supervisor.sync();
    await fixture.reconcile(townId, { type: 'container_synced', epoch: 1, sequence: 1 });
    const { agents } = await supervisor.sync();
    const agent = agents.find(({ work }) => work.kind === 'bead' && work.title === 'in steps');
    const other = agents.find(({ work }) => work.kind === 'bead' && work.title !== 'in steps');
    if (agent?.work.kind !== 'bead' || other === undefined) throw new Error('nobody works on it');
    const call = (method: string, tool: string, body?: unknown, by = agent.token, key: string = uuidv7()) =>
      fixture.call(method, `/v1/agent/${tool}`, {
        token: by,
        headers: { 'idempotency-key': key },
        ...(body === undefined ? {} : { body }),
      });
    const { beadId, branch } = agent.work;
    const bead = async () => (await fixture.call('GET', `${path}/beads/${beadId}`, { token })).body;
    return { townId, call, bead, branch, other };
  };

  it('is done step by step, and not before the last one is', async () => {
    const { townId, call, bead, branch, other } = await atWork();
    expect((await call('GET', 'molecule')).body).toEqual({ step: 1, of: 2, ...steps[0], finished: [] });
    expect((await call('GET', 'prime')).body).toMatchObject({
      work: { step: 'Step 1 of 2: Look. At both sides.' },
    });
    const key = uuidv7();
    const first = await call('POST', 'molecule', { step: 1, summary: 'Looked.' }, undefined, key);
    expect(first).toMatchObject({ status: 202, body: { message: 'Accepted. Next is step 2 of 2: Leap.' } });
    // The same call once more is the same statement.
    await call('POST', 'molecule', { step: 1, summary: 'Looked.' }, undefined, key);
    await fixture.reconcile(townId);
    expect(await bead()).toMatchObject({ steps: [{ summary: 'Looked.' }, { summary: null }] });
    expect(codeOf(await call('POST', 'molecule', { step: 1, summary: 'Again.' }))).toBe('409 conflict');

    await call('POST', 'done', { branch });
    await fixture.reconcile(townId);
    expect(await bead()).toMatchObject({
      status: 'in_progress',
      feedback: expect.stringContaining('step 2 of 2 (Leap) is not finished'),
    });

    await call('POST', 'molecule', { step: 2, summary: 'Leapt.' });
    await fixture.reconcile(townId);
    expect((await call('GET', 'molecule')).body).toBeNull();
    expect(codeOf(await call('POST', 'molecule', { step: 2, summary: 'Again.' }))).toBe('404 not_found');
    expect((await call('GET', 'molecule', undefined, other.token)).body).toBeNull();
  });

  it.each([{}, { step: 0, summary: 'x' }, { step: 1 }, { step: 1, summary: '' }, { step: 21, summary: 'x' }])(
    '%j is not understood',
    async (body) => {
      const { call } = await atWork();
      expect(codeOf(await call('POST', 'molecule', body))).toBe('400 invalid_input');
    },
  );
});
