import type { Draft } from '../draft.ts';
import type { MergeRequest } from '../town/merge-request.ts';

/** The live merge request of a bead or convoy. */
export const mergeRequestOf = (
  draft: Draft,
  kind: MergeRequest['subject']['kind'],
  id: string,
): MergeRequest | undefined =>
  draft.all('mergeRequest').find(({ subject }) => subject.kind === kind && subject.id === id);
