import * as z from 'zod';
import { blockerSchema, type BlockerKind } from '../../../core/pull-request/blocker.ts';
import { mergeRequestSchema, type MergeRequest } from '../../../core/town/merge-request.ts';
import { EXAMPLE_IDS, problemOfRecord } from './shared.ts';
import { iso, isoOrNull, presentTimes, time, times, timesExample } from './times.ts';

export const mergeRequest = z
  .strictObject({
    id: z.string(),
    rigId: z.string(),
    subject: mergeRequestSchema.shape.subject.strict(),
    title: z.string(),
    branch: z.string(),
    target: z.string(),
    headSha: z.string().nullable(),
    stage: mergeRequestSchema.shape.stage,
    stageSince: time,
    reviewerAgentId: z.string().nullable(),
    mergeSha: z.string().nullable(),
    failure: problemOfRecord.optional(),
    closedAt: time.nullable(),
    ...times,
  })
  .meta({ id: 'MergeRequest', description: 'One branch on its way into its target' });

export const queuedMergeRequest = mergeRequest
  .extend({
    position: z
      .number()
      .int()
      .meta({ description: 'Place in the queue of its rig, from 1: the first one holds its slot' }),
    waitingSince: time.meta({ description: 'Since when it is in the queue' }),
    waitingOn: z.string().nullable().meta({ description: 'What has to happen next, in a few words' }),
    blockers: z
      .array(blockerSchema.strict())
      .meta({ description: 'Of its pull request; empty: none, or it has no pull request' }),
    pullRequest: z
      .strictObject({
        number: z.number().int(),
        url: z.string(),
        headSha: z.string().nullable(),
        observedAt: time.nullable().meta({ description: 'When the town looked at it last' }),
        awaitingApproval: z.boolean(),
        changesRequested: z.boolean(),
        allGreen: z.boolean().meta({ description: 'Nothing blocks it' }),
      })
      .nullable()
      .meta({ description: 'Null: the town merges it itself, or it is not open yet' }),
  })
  .strict()
  .meta({ id: 'QueuedMergeRequest' });

export const presentMergeRequest = (record: MergeRequest): z.infer<typeof mergeRequest> => ({
  id: record.id,
  rigId: record.rigId,
  subject: record.subject,
  title: record.title,
  branch: record.branch,
  target: record.target,
  headSha: record.headSha ?? null,
  stage: record.stage,
  stageSince: iso(record.stageSince),
  reviewerAgentId: record.reviewerAgentId ?? null,
  mergeSha: record.mergeSha ?? null,
  failure: record.failure,
  closedAt: isoOrNull(record.closedAt),
  ...presentTimes(record),
});

export const presentQueued = (
  record: MergeRequest & { readonly position: number; readonly waitingOn: string | undefined },
): z.infer<typeof queuedMergeRequest> => ({
  ...presentMergeRequest(record),
  position: record.position,
  waitingSince: iso(record.createdAt),
  waitingOn: record.waitingOn ?? null,
  blockers: record.pullRequest?.blockers ?? [],
  pullRequest: presentPullRequest(record.pullRequest),
});

function presentPullRequest(
  known: MergeRequest['pullRequest'],
): z.infer<typeof queuedMergeRequest>['pullRequest'] {
  if (known?.number === undefined) return null;
  const { number, url = '', headSha = null, observedAt, blockers } = known;
  const isBlockedBy = (kind: BlockerKind): boolean => blockers.some((blocker) => blocker.kind === kind);
  return {
    number,
    url,
    headSha,
    observedAt: observedAt === 0 ? null : iso(observedAt),
    awaitingApproval: isBlockedBy('needsApproval'),
    changesRequested: isBlockedBy('changesRequested'),
    allGreen: blockers.length === 0 && observedAt > 0,
  };
}

export const mergeRequestExample: z.infer<typeof mergeRequest> = {
  id: EXAMPLE_IDS.mergeRequest,
  rigId: EXAMPLE_IDS.rig,
  subject: { kind: 'bead', id: EXAMPLE_IDS.bead },
  title: 'Show the total in the cart',
  branch: 'convoy/a-cart-with-totals/a1e25e05/gt/toast/c2ab3c03',
  target: 'convoy/a-cart-with-totals/a1e25e05/head',
  headSha: '5f1c2a9d0b7e4c3f8a6d1e2b9c0f7a8d5e4b3c21',
  stage: 'reviewing',
  stageSince: '2026-01-05T09:30:00.000Z',
  reviewerAgentId: EXAMPLE_IDS.agent,
  mergeSha: null,
  closedAt: null,
  ...timesExample,
};

export const queuedExample: z.infer<typeof queuedMergeRequest> = {
  ...mergeRequestExample,
  position: 1,
  waitingSince: '2026-01-05T09:00:00.000Z',
  waitingOn: 'needsApproval',
  blockers: [{ kind: 'needsApproval', who: 'human', detail: 'the repository wants an approval' }],
  pullRequest: {
    number: 42,
    url: 'https://github.com/example/shop/pull/42',
    headSha: '5f1c2a9d0b7e4c3f8a6d1e2b9c0f7a8d5e4b3c21',
    observedAt: '2026-01-05T09:31:00.000Z',
    awaitingApproval: true,
    changesRequested: false,
    allGreen: false,
  },
};
