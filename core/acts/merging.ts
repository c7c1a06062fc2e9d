import type { Draft } from '../draft.ts';
import type { Bead } from '../town/bead.ts';
import type { Convoy } from '../town/convoy.ts';
import type { MergeRequest } from '../town/merge-request.ts';

/** The live merge request of a bead or convoy. */
export const mergeRequestOf = (
  draft: Draft,
  kind: MergeRequest['subject']['kind'],
  id: string,
): MergeRequest | undefined =>
  draft.all('mergeRequest').find(({ subject }) => subject.kind === kind && subject.id === id);

/** Whose cost a review of it is: a bead and its convoy, or the convoy that lands. */
export function costBearers(
  draft: Draft,
  { subject }: MergeRequest,
): { readonly bead: Bead | undefined; readonly convoy: Convoy | undefined } {
  const bead = subject.kind === 'bead' ? draft.get('bead', subject.id) : undefined;
  return { bead, convoy: draft.get('convoy', subject.kind === 'convoy' ? subject.id : bead?.convoyId) };
}
