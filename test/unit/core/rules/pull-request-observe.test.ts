import { expect, test } from 'vitest';
import { pullRequestObserve } from '../../../../core/rules/pull-request-observe.ts';
import { minutes, seconds } from '../../../../core/town/instant.ts';
import type { MergeRequest, PullRequest } from '../../../../core/town/merge-request.ts';
import { asPullRequest, forgeRig, outboxRow, reviewedBead, runRules, T0, town } from '../town-builder.ts';
import { rows } from './rows.ts';

const of = (pr: Partial<PullRequest> = {}, over: Partial<MergeRequest> = {}) => ({
  rigs: [forgeRig()],
  beads: [reviewedBead('a')],
  mergeRequests: [asPullRequest('m', 'a', pr, over)],
});
const looks = ['effect observe_pull_requests'];
const blocked = (kind: 'unknownYet' | 'checksUnknown' | 'needsApproval' | 'policyRefused') => ({
  blockers: [{ kind, who: 'platform' as const, detail: kind }],
});
const looking = outboxRow('run_task', {
  key: 'observe_pull_requests',
  effect: { type: 'observe_pull_requests', mergeRequestIds: ['m'] },
});

rows(pullRequestObserve, T0, [
  { situation: 'without pull requests nothing is looked at', town: {}, waits: [], dueAfterMs: null },
  {
    situation: 'one is looked at a minute after the last look',
    town: of(),
    afterMs: minutes(1),
    decides: looks,
    reason: '1 pull requests',
  },
  { situation: 'and not before', town: of(), afterMs: minutes(1) - 1, dueAfterMs: minutes(1) },
  {
    situation: 'one that has just been opened, or is to be looked at, is looked at at once',
    town: of({ observedAt: 0 }),
    decides: looks,
  },
  {
    situation: 'where the forge tells of changes a look in 15 minutes is enough',
    town: of({ heardAt: T0, lookedFrom: T0 }),
    afterMs: minutes(15) - 1,
    dueAfterMs: minutes(15),
  },
  {
    situation: 'what the forge has told of since then is looked at at once',
    town: of({ observedAt: T0 - minutes(2), lookedFrom: T0 - minutes(2), heardAt: T0 }),
    decides: looks,
  },
  {
    situation: 'what it tells of right after a look waits 5 seconds, for what else it tells of',
    town: of({ heardAt: T0 + 1, lookedFrom: T0 }),
    afterMs: seconds(4),
    dueAfterMs: seconds(5),
  },
  {
    situation: 'what the repository refuses may be allowed by what the forge tells of',
    town: of({ heardAt: T0 + 1, lookedFrom: T0, ...blocked('policyRefused') }),
    afterMs: seconds(5),
    decides: looks,
  },
  {
    situation: 'but of mergeability it does not tell',
    town: of({ heardAt: T0, lookedFrom: T0, ...blocked('unknownYet') }),
    afterMs: minutes(1),
    decides: looks,
  },
  {
    situation: 'nor of checks that were not understood',
    town: of({ heardAt: T0, lookedFrom: T0, ...blocked('checksUnknown') }),
    afterMs: minutes(1),
    decides: looks,
  },
  {
    situation: 'what the repository refuses only people change',
    town: of(blocked('policyRefused')),
    afterMs: minutes(14),
    dueAfterMs: minutes(15),
  },
  {
    situation: 'while one look is under way there is no other',
    town: { ...of(), outbox: [looking] },
    afterMs: minutes(5),
    waits: [],
  },
  {
    situation: 'what is being merged is looked at by that',
    town: of({}, { stage: 'merging' }),
    afterMs: minutes(5),
    waits: [],
  },
  ...(['queued', 'checking', 'reviewing'] as const).map((stage) => ({
    situation: `a pull request that is ${stage} again is looked at all the same`,
    town: of({}, { stage }),
    afterMs: minutes(1),
    decides: looks,
  })),
  {
    situation: 'a forge that failed is left alone for a while',
    town: of(
      {},
      {
        forgeFailures: [
          { kind: 'no_token', message: 'no token', count: 1, since: T0, lastAt: T0 + minutes(1) },
        ],
      },
    ),
    afterMs: minutes(2),
    dueAfterMs: minutes(16),
  },
]);

test('what is due takes along what was not looked at just now, and what the forge does not fail at', () => {
  const seen = (id: string, observedAt: number, over: Partial<MergeRequest> = {}) =>
    asPullRequest(id, id, { observedAt, heardAt: T0, lookedFrom: T0 }, over);
  const failed = {
    kind: 'no_token' as const,
    message: 'none',
    count: 1,
    since: T0,
    lastAt: T0 + minutes(14),
  };
  const parts = {
    rigs: [forgeRig()],
    beads: ['a', 'b', 'c', 'd'].map((id) => reviewedBead(id)),
    mergeRequests: [
      seen('a', T0),
      seen('b', T0 + minutes(10)),
      seen('c', T0 + minutes(15) - seconds(10)),
      seen('d', T0 + minutes(5), { forgeFailures: [failed] }),
    ],
  };
  const { outbox } = runRules([pullRequestObserve], town(parts), minutes(15));
  expect(outbox.put.map(({ effect }) => effect)).toEqual([
    { type: 'observe_pull_requests', mergeRequestIds: ['a', 'b'] },
  ]);
});

test('a hundred and twenty are looked at in three calls', () => {
  const ids = Array.from({ length: 120 }, (_, n) => `m${n}`);
  const parts = { rigs: [forgeRig()], beads: ids.map((id) => reviewedBead(id)) };
  let requests = ids.map((id) => asPullRequest(id, id));
  const sizes: number[] = [];
  for (let call = 1; call <= 4; call += 1) {
    const { outbox } = runRules(
      [pullRequestObserve],
      town({ ...parts, mergeRequests: requests }),
      minutes(1),
    );
    const [row] = outbox.put;
    if (row?.effect.type !== 'observe_pull_requests') break;
    const asked = new Set(row.effect.mergeRequestIds);
    sizes.push(asked.size);
    requests = requests.map((mr) =>
      asked.has(mr.id) ? asPullRequest(mr.id, mr.id, { observedAt: T0 + minutes(1) }) : mr,
    );
  }
  expect(sizes).toEqual([50, 50, 20]);
});
