import { Conflict } from '../../../core/errors.ts';
import type { Edit } from '../../../core/ports.ts';
import type { Instant } from '../../../core/town/instant.ts';
import type { Town } from '../../../core/town/town.ts';
import { changeWrites } from './commit-writes.ts';
import { headWrite, bumpWrite, mustHoldHead } from './head.ts';
import { toItem } from './items.ts';
import { bodyKey, configKey } from './keys.ts';
import { editLogWrite } from './log.ts';
import type { TownTable } from './town-table.ts';
import type { Write } from './writes.ts';

/**
 * What a person changed, with its log entry, in one transaction under the version that `town` was read as.
 * @throws VersionConflict, NewerSchema, Unavailable
 */
export async function edit(
  table: TownTable,
  codeVersion: string,
  town: Town,
  change: Edit,
  at: Instant,
): Promise<void> {
  const { head } = town;
  const { changes = [], config, bodies = new Map<string, string>() } = change;
  const writes: Write[] = [
    headOf(town, change, at),
    ...changeWrites(head.id, changes, at),
    ...(config === undefined
      ? []
      : [
          {
            op: 'put' as const,
            item: { ...toItem({ ...config, rev: town.config.rev + 1 }), ...configKey(head.id) },
          },
        ]),
    ...[...bodies].map(([id, text]): Write => ({ op: 'put', item: { text, ...bodyKey(head.id, id) } })),
    editLogWrite(town, change, at, codeVersion),
  ];
  const result = await table.transactPatiently('edit', writes);
  mustHoldHead(head, result);
  if (result.state === 'refused') {
    throw new Conflict('What was to be changed is not as it was read; read it again.', {
      cause: result.cause,
    });
  }
}

function headOf({ head }: Town, { lifecycle, by }: Edit, at: Instant): Write {
  const bump = bumpWrite(head, at);
  if (lifecycle === undefined) return bump;
  const set = { ...bump.update.set, lifecycle, lifecycleSince: at, lifecycleBy: by };
  return headWrite(head, { ...bump.update, set });
}
