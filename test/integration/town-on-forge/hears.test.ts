import { expect, test } from 'vitest';
import { minutes, seconds } from '../../../core/town/instant.ts';
import type { DeliveryBehaviour } from '../../../local/forge/webhooks/webhooks.ts';
import { TOWN } from '../../forge/forge.ts';
import { townOnForge, type TownOnForge, type TownOnForgeOptions } from './scene.ts';

/** F10 and F11: what people do with a pull request reaches the town, by webhook within seconds and without one within the audit. */

const APPROVAL = { requiredApprovals: 1, dismissesStaleApprovals: true } as const;
const LOOK = 'query repository';

/** A pull request that waits for its approval, and is known to. */
async function waiting(options: TownOnForgeOptions = {}) {
  const town = await townOnForge({ protection: APPROVAL, ...options });
  await town.addWork('a');
  await town.until(
    async () => (await town.mergeRequest('a'))?.pullRequest?.awaitingApprovalSince !== undefined,
    'it waits for an approval',
  );
  // What GitHub tells of its opening is looked at, too.
  town.advance(seconds(10));
  await town.quiet();
  return { town, pull: town.repository.pull(1) };
}
const isMerged = (town: TownOnForge) => async (): Promise<boolean> =>
  (await town.outcome('a'))?.stage === 'merged';

test('an approval that GitHub tells of merges it within seconds, and nothing is made anew meanwhile', async () => {
  const { town, pull } = await waiting();
  const why = (await town.why()).filter(({ subject }) => subject.id === 'a');
  expect(why).toMatchObject([{ waitingOn: 'needsApproval', who: 'human' }]);
  const asked = town.fixture.now();
  await pull.approve('rita');
  await town.until(isMerged(town), 'it is merged');
  expect(town.fixture.now() - asked).toBeLessThan(seconds(20));
  expect(town.repository.pulls()).toHaveLength(1);
  expect(pull.state.merged?.sha).toBe((await town.outcome('a'))?.mergeSha);
  expect(town.forge.calls.count('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge')).toBe(1);
});

test('nothing is asked while nothing changes; the audit looks once in 15 minutes', async () => {
  const { town } = await waiting();
  town.forge.calls.reset();
  for (let minute = 1; minute < 15; minute += 1) {
    town.advance(minutes(1));
    await town.quiet();
  }
  expect(town.forge.calls.all()).toEqual({});
  town.advance(minutes(1));
  await town.quiet();
  expect(town.forge.calls.all()).toEqual({ [LOOK]: 1 });
});

test.each<{ what: string; behave: DeliveryBehaviour }>([
  { what: 'is lost', behave: { kind: 'lost' } },
  { what: 'is forged', behave: { kind: 'forged' } },
  { what: 'is late by an hour', behave: { kind: 'late', ms: minutes(60) } },
])('an approval whose webhook $what is found by the audit, within 15 minutes', async ({ behave }) => {
  const { town, pull } = await waiting();
  town.forge.webhooks.behave({ event: 'pull_request_review', behave });
  await pull.approve('rita');
  await town.quiet();
  expect(await isMerged(town)()).toBe(false);
  town.advance(minutes(15));
  await town.until(isMerged(town), 'the audit finds it');
});

test.each<DeliveryBehaviour['kind']>(['doubled', 'reordered'])(
  'a webhook that is %s changes nothing',
  async (kind) => {
    const { town, pull } = await waiting();
    if (kind === 'doubled' || kind === 'reordered')
      town.forge.webhooks.behave({ event: 'pull_request_review', behave: { kind } });
    await pull.approve('rita');
    // What a reordered one waits for.
    await pull.comment('rita', 'Good.');
    await town.until(isMerged(town), 'it is merged');
    expect(town.forge.calls.count('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge')).toBe(1);
  },
);

test('without webhooks it is looked at every minute', async () => {
  const { town, pull } = await waiting({ hasWebhooks: false });
  await pull.approve('rita');
  town.advance(minutes(1));
  await town.until(isMerged(town), 'the next look finds it');
  expect(pull.state.merged?.by).toBe(TOWN);
});

test('where webhooks cease, one miss makes looks frequent again', async () => {
  const { town, pull } = await waiting();
  town.forge.webhooks.configure(undefined);
  await pull.approve('rita');
  await pull.dismissReviews('rita');
  await pull.push('max', { 'more.txt': 'more' });
  town.advance(minutes(15));
  await town.until(
    async () => (await town.mergeRequest('a'))?.pullRequest?.heardAt === undefined,
    'the audit finds the push that nobody told of',
  );
  expect((await town.mergeRequest('a'))?.headSha).toBe(pull.state.headSha);
});

test('a draft is not merged, whoever approves it, and is once somebody says that it is ready', async () => {
  const { town, pull } = await waiting();
  await pull.markDraft('rita');
  await pull.approve('rita');
  await town.until(() => town.isBlockedBy('draft'), 'it is known to be a draft');
  town.advance(minutes(30));
  await town.quiet();
  expect(await isMerged(town)()).toBe(false);
  await pull.markReady('rita');
  await town.until(isMerged(town), 'it is merged');
});

test('changes that are asked for after an approval keep it from being merged', async () => {
  const { town, pull } = await waiting({
    refinery: { autoMergeDelayMinutes: 10, autoResolvePrFeedback: false },
  });
  await pull.approve('rita');
  await town.until(
    async () => (await town.mergeRequest('a'))?.pullRequest?.readySince !== undefined,
    'nothing blocks it',
  );
  await pull.requestChanges('max', { body: 'Rename it.' });
  await town.until(() => town.isBlockedBy('changesRequested'), 'the changes that are wanted are known');
  town.advance(minutes(60));
  await town.quiet();
  expect(await isMerged(town)()).toBe(false);
});

test('an approval that a push dismissed counts no more, and the push is checked before anything is merged', async () => {
  const { town, pull } = await waiting({ refinery: { autoMergeDelayMinutes: 10 } });
  await pull.approve('rita');
  await pull.push('max', { 'more.txt': 'more' });
  await town.until(async () => (await town.mergeRequest('a'))?.stage !== 'open', 'it is checked again');
  const mr = await town.mergeRequest('a');
  expect(mr).toMatchObject({ headSha: pull.state.headSha });
  expect(mr?.candidate).toBeUndefined();
  expect(await isMerged(town)()).toBe(false);
});

test('one that somebody closes waits an hour for being opened again; then its bead fails, and none is made anew', async () => {
  const { town, pull } = await waiting();
  await pull.close('rita');
  await town.until(
    async () => (await town.mergeRequest('a'))?.pullRequest?.closedSince !== undefined,
    'it is known to be closed',
  );
  expect((await town.why()).filter(({ subject }) => subject.id === 'a')).toMatchObject([{ who: 'human' }]);
  await pull.reopen('rita');
  await pull.approve('rita');
  await town.until(isMerged(town), 'it is merged');
  expect(town.repository.pulls()).toHaveLength(1);
});

test('one that somebody else merges is merged, and its bead closed', async () => {
  const { town, pull } = await waiting();
  await pull.approve('rita');
  const sha = await pull.merge('max', 'squash');
  await town.until(isMerged(town), 'it is known to be merged');
  expect(await town.outcome('a')).toMatchObject({ mergeSha: sha });
  expect(await town.fixture.store.archived(town.townId, 'bead', 'bead-a')).toMatchObject({
    status: 'closed',
  });
});

test('a branch that is merged by a queue of GitHub: the town puts it there, and waits for it', async () => {
  const { town, pull } = await waiting({
    protection: { ...APPROVAL, requiresMergeQueue: true },
    mergeQueueMs: minutes(3),
  });
  await pull.approve('rita');
  const blockers = async () => (await town.mergeRequest('a'))?.pullRequest?.blockers.map(({ kind }) => kind);
  await town.until(async () => (await blockers())?.includes('inMergeQueue') === true, 'it is in the queue');
  expect((await town.why()).filter(({ subject }) => subject.id === 'a')).toMatchObject([
    { waitingOn: 'inMergeQueue', who: 'platform' },
  ]);
  town.advance(minutes(3));
  await town.until(isMerged(town), 'the queue has merged it');
  expect(town.forge.calls.count('mutation enqueuePullRequest')).toBe(1);
});

test('one that the queue puts out three times is for people, until somebody pushes', async () => {
  const { town, pull } = await waiting({
    protection: { ...APPROVAL, requiresMergeQueue: true },
    mergeQueueMs: minutes(60),
  });
  await pull.approve('rita');
  const isQueued = () => town.isBlockedBy('inMergeQueue');
  for (let time = 1; time <= 3; time += 1) {
    await town.until(
      async () => town.forge.calls.count('mutation enqueuePullRequest') === time && (await isQueued()),
      `it is in the queue, for the ${time}. time`,
    );
    await pull.dequeue('rita');
  }
  await town.until(async () => {
    const [row] = (await town.why()).filter(({ subject }) => subject.id === 'a');
    return row?.who === 'human' && /merge queue/.test(row.reason);
  }, 'people are told');
  town.advance(minutes(30));
  await town.quiet();
  expect(town.forge.calls.count('mutation enqueuePullRequest')).toBe(3);
});
