import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf, idOf } from './client.ts';
import { startFixture, type Fixture } from './fixture.ts';
import { suspend } from './suspend.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

it('POST …/rules/resume lets a suspended rule run again; why says how', async () => {
  const { token, townId, rigId, path } = await fixture.town('ann');
  const post = (route: string, body: object) => fixture.call('POST', `${path}${route}`, { token, body });
  idOf(await post('/beads', { rigId, title: 'not this one', held: true }));
  await fixture.reconcile(townId);
  const before = await fixture.live(townId);
  await suspend(fixture, townId, 'bead/dispatch');
  idOf(await post('/beads', { rigId, title: 'waits' }));
  await fixture.reconcile(townId);
  const waiting = await fixture.live(townId);
  expect([...waiting.live.bead.values()].map(({ status }) => status)).toEqual(['open', 'open']);
  const why = await fixture.call('GET', `${path}/why`, { token });
  expect(JSON.stringify(why.body)).toContain('gastown rules resume bead/dispatch');

  const refused = await post('/rules/resume', { rule: 'convoy/close' });
  expect([codeOf(refused), refused.body]).toEqual([
    '409 conflict',
    expect.objectContaining({ detail: expect.stringContaining('bead/dispatch') }),
  ]);
  expect(codeOf(await post('/rules/resume', {}))).toBe('400 invalid_input');
  expect(await post('/rules/resume', { rule: 'bead/dispatch' })).toMatchObject({
    status: 202,
    body: { id: before.head.id },
  });
  await fixture.reconcile(townId);
  const { live, head } = await fixture.live(townId);
  expect([...live.bead.values()].map(({ status }) => status)).toEqual(['open', 'in_progress']);
  expect(head.suspendedRules).toBeUndefined();
  const events = await fixture.call('GET', `${path}/events`, { token });
  expect(JSON.stringify(events.body)).toContain('the rule bead/dispatch is resumed by ann');
});

it('also in a town that is being deleted: it may be the rule that takes it away', async () => {
  const { token, townId, path } = await fixture.town('ben');
  await fixture.call('DELETE', path, { token });
  const { head } = await fixture.live(townId);
  expect(head.lifecycle).toBe('deleting');
  await suspend(fixture, townId, 'town/purge');
  const answer = await fixture.call('POST', `${path}/rules/resume`, { token, body: { rule: 'town/purge' } });
  expect(answer.status).toBe(202);
});
