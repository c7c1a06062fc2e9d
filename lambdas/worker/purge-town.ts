import { Unavailable } from '../../core/errors.ts';
import { exportPrefix, snapshotPrefix } from '../../core/move/export-record.ts';
import { seconds } from '../../core/town/instant.ts';
import type { TransferDeps } from './transfer.ts';

/** One try, shorter than a worker may run: a large town takes several, and each goes on where the last one stopped. */
const TRY_MS = seconds(90);

/**
 * Deletes all that there is of a town that is being deleted. Head, settings and the wish for this go last and together: until
 * then any wake-up asks for what is left. Records of exports go before the files: an export that ends later finds its
 * record gone, and takes its file away itself.
 * @throws Unavailable when there is more to do
 */
export async function purgeTown(
  { store, objects, purge, now }: Pick<TransferDeps, 'store' | 'objects' | 'purge' | 'now'>,
  townId: string,
): Promise<void> {
  const head = await store.head(townId);
  if (head?.lifecycle !== 'deleting') return;
  const end = now() + TRY_MS;
  const isTimeUp = (): boolean => now() >= end;
  const isDone =
    (await purge.removeDark(townId, isTimeUp)) &&
    (await objects.removeAll(snapshotPrefix(townId), isTimeUp)) &&
    (await objects.removeAll(exportPrefix(townId), isTimeUp)) &&
    (await purge.removeLive(townId, isTimeUp));
  if (!isDone) throw new Unavailable('The town is large; the rest of it goes with the next try.');
  await purge.removeRows(head);
  // Under the version that was read first: whoever has written since may have left something.
  if (!(await purge.removeHead(head)))
    throw new Unavailable('The town was written to while it was deleted; the rest goes with the next try.');
}
