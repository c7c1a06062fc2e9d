import * as z from 'zod';
import type { RecordChange } from '../draft.ts';

/** How many records stand in the archive as ended, so that a status need not read the archive. */
export const endedSchema = z.object({
  beadsClosed: z.number().int(),
  beadsFailed: z.number().int(),
  convoysLanded: z.number().int(),
});
export type Ended = z.infer<typeof endedSchema>;

const NONE: Ended = { beadsClosed: 0, beadsFailed: 0, convoysLanded: 0 };

/** The counts after a step; what they were if nothing has ended, or was asked for anew, in it. */
export function countEnded(before: Ended | undefined, changes: readonly RecordChange[]): Ended | undefined {
  const start = before ?? NONE;
  let { beadsClosed, beadsFailed, convoysLanded } = start;
  for (const change of changes) {
    if (change.op === 'restore' && change.kind === 'bead') {
      beadsClosed -= change.before.status === 'closed' ? 1 : 0;
      beadsFailed -= change.before.status === 'failed' ? 1 : 0;
    }
    if (change.op !== 'archive') continue;
    if (change.kind === 'bead' && change.record.status === 'closed') beadsClosed += 1;
    if (change.kind === 'bead' && change.record.status === 'failed') beadsFailed += 1;
    if (change.kind === 'convoy' && change.record.state === 'landed') convoysLanded += 1;
  }
  const isSame =
    beadsClosed === start.beadsClosed &&
    beadsFailed === start.beadsFailed &&
    convoysLanded === start.convoysLanded;
  return isSame ? before : { beadsClosed, beadsFailed, convoysLanded };
}
