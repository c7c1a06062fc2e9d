import { mergeQueueMerge } from '../../../../core/rules/merge-queue-merge.ts';
import type { MergeRequest } from '../../../../core/town/merge-request.ts';
import { CANDIDATE, forgeRig, mergeRequest, reviewedBead, T0 } from '../town-builder.ts';
import { rows } from './rows.ts';

const at = (stage: MergeRequest['stage'], over: Partial<MergeRequest> = {}) => ({
  beads: [reviewedBead('a')],
  mergeRequests: [mergeRequest('m', 'a', { stage, candidate: CANDIDATE, ...over })],
});

rows(mergeQueueMerge, T0, [
  {
    situation: 'an open merge request is merged',
    town: at('open'),
    decides: ['mergeRequest m: open → merging'],
    reason: 'nothing blocks; merging 00000000',
  },
  {
    situation: 'one whose trial merge is gone is checked again',
    town: at('open', { candidate: undefined }),
    decides: ['mergeRequest m: open → checking'],
    reason: 'the trial merge is gone',
  },
  {
    situation: 'one that is merged by pull request is not merged by the town',
    town: { rigs: [forgeRig()], ...at('open') },
  },
  ...(['queued', 'checking', 'reviewing', 'merging'] as const).map((stage) => ({
    situation: `one that is ${stage} is not merged`,
    town: at(stage),
  })),
]);
