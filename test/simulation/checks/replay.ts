import { LineParser } from '../../../core/move/line-parser.ts';
import type { TownStore } from '../../../core/ports.ts';
import { Recording } from '../../../core/replay/recording.ts';
import { replay } from '../../../core/replay/replay.ts';
import { createExportStore } from '../../../lambdas/adapters/dynamodb/exports.ts';
import { townLines } from '../../../lambdas/worker/town-lines.ts';
import type { World } from '../../contract/loop/world.ts';
import type { ModelTable } from '../table/model-table.ts';
import { promise } from './failure.ts';

/** The lines that an export of the town has. */
export const exportOf = (
  table: ModelTable,
  store: TownStore,
  townId: string,
  now: number,
): AsyncGenerator<string> => {
  const exports = createExportStore({ client: table.client, tableName: 'model' });
  return townLines({ store, exports, codeVersion: 'simulated' }, townId, now, {});
};

/** Why a step may not be taken again. */
const MAY_SKIP = /is not in the file any more|it was full|too long|does not say what was before it/;

/** Every step of every town, taken again from what an export holds, decides the same. */
export async function checkReplay(world: World, table: ModelTable, store: TownStore): Promise<void> {
  for (const { townId } of world.towns) {
    if (!table.items(`TOWN#${townId}`).has('LIVE#!HEAD')) continue;
    const parser = new LineParser();
    const recording = new Recording();
    for await (const line of exportOf(table, store, townId, world.time.now)) {
      const parsed = parser.next(line.trimEnd(), Buffer.byteLength(line));
      if (parsed.type === 'record') recording.take(parsed.line);
    }
    const { differences, skipped } = replay(recording.town());
    promise('a replay decides the same', differences.length === 0, () =>
      JSON.stringify(differences.slice(0, 3)),
    );
    const odd = [...skipped.keys()].filter((reason) => !MAY_SKIP.test(reason));
    promise('steps can be taken again', odd.length === 0, () => odd.join(', '));
  }
}
