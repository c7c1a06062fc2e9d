import { TooLarge } from '../../../core/errors.ts';
import type { Container, Observed } from '../../../core/town/container.ts';
import { toItem } from './items.ts';
import { containerKey, observedKey } from './keys.ts';
import { parseContainer, parseObserved } from './live-range.ts';
import type { TownTable } from './town-table.ts';

/** Design section 4. */
const MAX_OBSERVED_BYTES = 100 * 1024;

/** Undefined: the town has never had a container. */
export async function readContainer(
  table: TownTable,
  townId: string,
): Promise<{ container: Container; observed: Observed | undefined } | undefined> {
  const [container, observed] = await Promise.all([
    table.get('container', containerKey(townId)),
    table.get('container', observedKey(townId)),
  ]);
  if (container === undefined) return undefined;
  return {
    container: parseContainer(container),
    observed: observed === undefined ? undefined : parseObserved(observed),
  };
}

/**
 * Keeps the newest report: ordered by epoch, then sequence. The head is not bumped: this item has one writer, and what is in it
 * stands until acknowledged.
 * @throws TooLarge, Unavailable
 */
export async function observe(table: TownTable, townId: string, observed: Observed): Promise<boolean> {
  const bytes = Buffer.byteLength(JSON.stringify(observed));
  if (bytes > MAX_OBSERVED_BYTES) {
    throw new TooLarge(`The report has ${bytes} bytes; ${MAX_OBSERVED_BYTES} is the most.`);
  }
  return table.write('observe', {
    op: 'put',
    item: { ...toItem(observed), ...observedKey(townId) },
    condition: {
      text: 'attribute_not_exists(#pk) OR #epoch < :epoch OR (#epoch = :epoch AND #sequence < :sequence)',
      values: { ':epoch': observed.epoch, ':sequence': observed.sequence },
    },
  });
}
