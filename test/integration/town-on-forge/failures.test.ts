import { expect, test } from 'vitest';
import { minutes, seconds } from '../../../core/town/instant.ts';
import { answers } from '../../../local/forge/behaviours/answers.ts';
import type { Behaviour } from '../../../local/forge/behaviours/behaviour.ts';
import { townOnForge, type TownOnForge } from './scene.ts';

/** F8 and F9 through the forge: what GitHub may answer to each operation, what the town makes of it, and that it goes on afterwards. */

const OPEN = 'POST /repos/{owner}/{repo}/pulls';
const LOOK = 'query repository';
const MERGE = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge';

const stageOf = async (town: TownOnForge): Promise<string | undefined> => (await town.outcome('a'))?.stage;
const failuresOf = async (town: TownOnForge) => (await town.mergeRequest('a'))?.forgeFailures ?? [];
const whyOf = async (town: TownOnForge) => (await town.why()).filter(({ subject }) => subject.id === 'a');

interface Row {
  readonly what: string;
  readonly on: string;
  readonly behave: Behaviour;
  readonly kind: string;
  /** Who has to act, and what says so. */
  readonly who: 'human' | 'platform';
  readonly says: RegExp;
}

const PERMANENT: readonly Row[] = [
  {
    what: '401',
    on: LOOK,
    behave: answers.badCredentials(),
    kind: 'unauthorized',
    who: 'human',
    says: /gitAuth\.githubToken/,
  },
  {
    what: '401',
    on: OPEN,
    behave: answers.badCredentials(),
    kind: 'unauthorized',
    who: 'human',
    says: /gitAuth\.githubToken/,
  },
  {
    what: '403 for a permission',
    on: LOOK,
    behave: answers.forbidden(),
    kind: 'forbidden',
    who: 'human',
    says: /token needs/,
  },
  {
    what: '403 for a permission',
    on: OPEN,
    behave: answers.forbidden(),
    kind: 'forbidden',
    who: 'human',
    says: /token needs/,
  },
  { what: '404', on: OPEN, behave: answers.notFound(), kind: 'not_found', who: 'human', says: /git URL/ },
  { what: '410', on: LOOK, behave: answers.gone(), kind: 'not_found', who: 'human', says: /git URL/ },
  {
    what: '451',
    on: LOOK,
    behave: answers.unavailableForLegalReasons(),
    kind: 'forbidden',
    who: 'human',
    says: /legal reasons/,
  },
];

test.each(PERMANENT)(
  '$what to $on: people are told at once what to do, and the town goes on by itself',
  async (row) => {
    const town = await townOnForge();
    const active = town.forge.behave({ on: row.on, behave: row.behave, times: Number.POSITIVE_INFINITY });
    await town.addWork('a');
    await town.until(async () => (await failuresOf(town)).length > 0, 'the failure is known');
    expect(await failuresOf(town)).toMatchObject([{ kind: row.kind, count: 1 }]);
    const [why] = await whyOf(town);
    expect(why).toMatchObject({ waitingOn: row.kind, who: row.who });
    expect(why?.reason).toMatch(row.says);
    expect(why?.reason).toMatch(/GitHub/);
    const hits = active.hits();
    town.advance(minutes(10));
    await town.quiet();
    // What people have to repair is not asked for all the time.
    expect(active.hits()).toBe(hits);
    active.stop();
    town.advance(minutes(15));
    await town.until(async () => (await stageOf(town)) === 'merged', 'it is merged');
    expect(town.repository.pulls()).toHaveLength(1);
  },
);

const PASSING: readonly (Omit<Row, 'says' | 'who'> & { readonly afterMs: number })[] = [
  { what: '502', on: LOOK, behave: answers.serverError(), kind: 'http_error', afterMs: 0 },
  { what: '502', on: OPEN, behave: answers.serverError(), kind: 'http_error', afterMs: 0 },
  { what: 'no answer', on: LOOK, behave: { kind: 'requestLost' }, kind: 'http_error', afterMs: 0 },
  {
    what: '403 for a secondary limit',
    on: LOOK,
    behave: answers.secondaryRateLimit(90),
    kind: 'rate_limited',
    afterMs: seconds(90),
  },
  {
    what: '429',
    on: OPEN,
    behave: answers.tooManyRequests(120),
    kind: 'rate_limited',
    afterMs: seconds(120),
  },
  {
    what: 'a limit in GraphQL',
    on: LOOK,
    behave: answers.graphqlRateLimit(),
    kind: 'rate_limited',
    afterMs: minutes(61),
  },
  {
    what: 'an answer that is no JSON',
    on: LOOK,
    behave: { kind: 'answer', status: 200, body: '<html>' },
    kind: 'invalid_response',
    afterMs: 0,
  },
  {
    what: 'an answer in part',
    on: LOOK,
    behave: {
      kind: 'rewrite',
      path: ['data', '*', '*'],
      value: null,
      error: { type: 'SERVICE_UNAVAILABLE', message: 'Something went wrong' },
    },
    kind: 'graphql_partial',
    afterMs: 0,
  },
];

test.each(PASSING)(
  '$what to $on passes: nobody is asked, nothing fails',
  async ({ on, behave, kind, afterMs }) => {
    const town = await townOnForge();
    // The look right after an opening is not one of those that count.
    town.forge.behave({ on, behave, times: 2 });
    await town.addWork('a');
    const kinds = new Set<string>();
    await town.until(async () => {
      const failures = await failuresOf(town);
      for (const failure of failures) kinds.add(failure.kind);
      const { outbox } = await town.fixture.live(town.townId);
      // It waits for the end of the limit, and for nobody's answer.
      if (failures.length > 0 && outbox.size === 0) town.advance(afterMs);
      return (await stageOf(town)) === 'merged';
    }, 'it is merged');
    expect([...kinds]).toEqual([kind]);
    expect(town.repository.pulls()).toHaveLength(1);
    expect(town.forge.calls.count(MERGE)).toBe(1);
  },
);

test('two server errors and one answer that is not understood fail nothing (#3157)', async () => {
  const town = await townOnForge();
  // One for the look at what was opened, and one each for the looks after it.
  const unlucky: Behaviour[] = [
    answers.serverError(),
    answers.serverError(),
    answers.serverError(503),
    { kind: 'answer', status: 200, body: '<html>' },
  ];
  for (const [skip, behave] of unlucky.entries()) town.forge.behave({ on: LOOK, behave, skip });
  await town.addWork('a');
  const seen = new Map<string, number>();
  await town.until(async () => {
    for (const { kind, count } of await failuresOf(town))
      seen.set(kind, Math.max(count, seen.get(kind) ?? 0));
    expect((await whyOf(town)).every(({ who }) => who !== 'human')).toBe(true);
    return (await stageOf(town)) === 'merged';
  }, 'it is merged');
  expect(seen.get('http_error')).toBe(2);
  expect(seen.get('invalid_response')).toBe(1);
});

test('a merge whose answer is lost ends as merged, once', async () => {
  const town = await townOnForge();
  town.forge.behave({ on: MERGE, behave: { kind: 'answerLost' } });
  await town.addWork('a');
  await town.until(async () => (await stageOf(town)) === 'merged', 'it is merged');
  expect(town.forge.calls.count(MERGE)).toBe(1);
  expect((await town.outcome('a'))?.mergeSha).toBe(town.repository.pull(1).state.merged?.sha);
});

test('an opening whose answer is lost is one pull request', async () => {
  const town = await townOnForge();
  town.forge.behave({ on: OPEN, behave: { kind: 'answerLost' } });
  await town.addWork('a');
  await town.until(async () => (await stageOf(town)) === 'merged', 'it is merged');
  expect(town.repository.pulls()).toHaveLength(1);
});

test.each([
  { what: '405', behave: answers.notMergeable() },
  { what: '409', behave: answers.headModified() },
  { what: '422', behave: answers.validationFailed() },
])('a merge that is refused with $what is looked at again, and tried again later', async ({ behave }) => {
  const town = await townOnForge();
  town.forge.behave({ on: MERGE, behave, times: 2 });
  await town.addWork('a');
  await town.until(async () => {
    const mr = await town.mergeRequest('a');
    return (
      mr?.pullRequest?.blockers.some(({ kind }) => kind === 'policyRefused') === true || mr === undefined
    );
  }, 'the refusal is known');
  town.advance(minutes(15));
  await town.until(async () => (await stageOf(town)) === 'merged', 'it is merged');
  expect(town.repository.pulls()).toHaveLength(1);
});

test('mergeability that is unknown for a while is waited for, and nothing is merged meanwhile', async () => {
  const town = await townOnForge({ mergeabilityUnknownMs: minutes(3) });
  await town.addWork('a');
  await town.until(() => town.isBlockedBy('unknownYet'), 'it is not known yet');
  expect(town.forge.calls.count(MERGE)).toBe(0);
  for (let minute = 0; minute < 5; minute += 1) {
    town.advance(minutes(1));
    await town.quiet();
  }
  await town.until(async () => (await stageOf(town)) === 'merged', 'it is merged');
});

test('a merge that a worker comes to hours later merges nothing before it has looked', async () => {
  const town = await townOnForge({ refinery: { autoMergeDelayMinutes: 5 } });
  await town.addWork('a');
  await town.until(
    async () => (await town.mergeRequest('a'))?.pullRequest?.readySince !== undefined,
    'nothing blocks it',
  );
  // The worker finds the forge gone, for hours.
  const active = town.forge.behave({
    on: /.*/,
    behave: { kind: 'requestLost' },
    times: Number.POSITIVE_INFINITY,
  });
  town.advance(minutes(5));
  await town.quiet();
  town.advance(minutes(180));
  await town.quiet();
  await town.repository.pull(1).requestChanges('rita', { body: 'Not so.' });
  active.stop();
  town.advance(minutes(15));
  await town.until(
    async () => (await town.isBlockedBy('changesRequested')) || (await stageOf(town)) === 'merged',
    'it is looked at again',
  );
  expect(town.forge.calls.count(MERGE)).toBe(0);
  expect(town.repository.pull(1).state.merged).toBeUndefined();
});
