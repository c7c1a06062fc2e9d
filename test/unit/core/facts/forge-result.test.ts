import { expect, test } from 'vitest';
import type { Effect, OutboxRow } from '../../../../core/effects.ts';
import type { MessageFact } from '../../../../core/facts/message.ts';
import type { MergeRequest } from '../../../../core/town/merge-request.ts';
import {
  applyFacts,
  asPullRequest,
  forgeRig,
  observation,
  outboxRow,
  reviewedBead,
  sha,
  T0,
  town,
} from '../town-builder.ts';
import { rows } from './rows.ts';

const row = (key: string, effect: Effect): OutboxRow => outboxRow('run_task', { key, effect });
const ROWS = {
  open: row('open_pull_request:m:1', { type: 'open_pull_request', mergeRequestId: 'm', n: 1 }),
  observe: row('observe_pull_requests', { type: 'observe_pull_requests', mergeRequestIds: ['m'] }),
  merge: row('merge_pull_request:m:2', {
    type: 'merge_pull_request',
    mergeRequestId: 'm',
    n: 2,
    headSha: sha(3),
    notAfter: T0 + 1000,
  }),
};
const of = (what: keyof typeof ROWS, stage: MergeRequest['stage']) => ({
  rigs: [forgeRig()],
  beads: [reviewedBead('a')],
  mergeRequests: [asPullRequest('m', 'a', { effects: 2 }, { stage })],
  outbox: [ROWS[what]],
});
const answer = (
  what: keyof typeof ROWS,
  reports: Extract<Extract<MessageFact, { type: 'effect_result' }>['result'], { ok: true }>['reports'],
): MessageFact => ({
  type: 'effect_result',
  key: ROWS[what].key,
  attempt: 1,
  result: { ok: true, reports },
});
const broken = (what: keyof typeof ROWS): MessageFact => ({
  type: 'effect_result',
  key: ROWS[what].key,
  attempt: 1,
  result: { ok: false, code: 'Error', message: 'connection reset', retry: 'backoff' },
});

rows([
  {
    situation: 'observe: as it was',
    town: of('observe', 'open'),
    facts: [answer('observe', [observation()])],
    applied: 1,
  },
  {
    situation: 'observe: merged',
    town: of('observe', 'open'),
    facts: [answer('observe', [observation({ state: 'merged' })])],
    applied: 1,
    decides: ['mergeRequest m: open → merged', 'bead a: in_review → closed'],
  },
  {
    situation: 'observe: said twice',
    town: of('observe', 'open'),
    facts: [answer('observe', [observation()]), answer('observe', [observation()])],
    applied: 1,
    stale: 1,
  },
  {
    situation: 'merge: done',
    town: of('merge', 'merging'),
    facts: [answer('merge', [observation({ state: 'merged', mergeSha: sha(9) })])],
    applied: 1,
    decides: ['mergeRequest m: merging → merged', 'bead a: in_review → closed'],
  },
  {
    situation: 'merge: something blocks it after all',
    town: of('merge', 'merging'),
    facts: [
      answer('merge', [
        observation({ blockers: [{ kind: 'checkPending', who: 'platform', detail: 'ci runs' }] }),
      ]),
    ],
    applied: 1,
    decides: ['mergeRequest m: merging → open'],
    reason: 'it was not merged: ci runs',
  },
  {
    situation: 'merge: it came too late',
    town: of('merge', 'merging'),
    facts: [answer('merge', [])],
    applied: 1,
    decides: ['mergeRequest m: merging → open'],
  },
  {
    situation: 'merge: the answer was lost, so it is looked at',
    town: of('merge', 'merging'),
    facts: [broken('merge')],
    applied: 1,
    decides: ['mergeRequest m: merging → open'],
    reason: 'it was not merged: connection reset',
  },
  {
    situation: 'merge: an answer about a merge request that is elsewhere by now',
    town: of('merge', 'queued'),
    facts: [answer('merge', [observation()])],
    applied: 1,
  },
  {
    situation: 'merge: of a merge request that is over',
    town: { outbox: [ROWS.merge] },
    facts: [answer('merge', [observation()])],
    applied: 1,
  },
]);

test.each(['open', 'observe', 'merge'] as const)('%s: the effect is over with any answer', (what) => {
  for (const fact of [answer(what, [observation()]), broken(what)]) {
    const outcome = applyFacts(town(of(what, what === 'merge' ? 'merging' : 'open')), [fact]);
    expect(outcome.outbox).toEqual({ put: [], delete: [ROWS[what].key] });
  }
});

test('what is not answered is a failure of the forge, counted with the merge request', () => {
  const outcome = applyFacts(town(of('observe', 'open')), [broken('observe')]);
  const [change] = outcome.changes;
  expect(change?.op === 'update' ? change.record : undefined).toMatchObject({
    forgeFailures: [{ kind: 'http_error', message: 'connection reset', count: 1, since: T0 }],
  });
});

test('after a merge that may have happened it is looked at before anything else', () => {
  const outcome = applyFacts(town(of('merge', 'merging')), [broken('merge')]);
  const [change] = outcome.changes;
  expect(change?.op === 'update' ? change.record : undefined).toMatchObject({
    stage: 'open',
    pullRequest: { observedAt: 0, readySince: undefined },
  });
});
