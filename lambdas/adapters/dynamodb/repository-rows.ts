import * as z from 'zod';
import type { Rig } from '../../../core/town/rig.ts';
import { repositoryNameOf } from '../../../core/town/repository-name.ts';
import { parseStored } from './items.ts';
import type { Key } from './keys.ts';
import { TownTable, type TownTableOptions } from './town-table.ts';
import type { Write } from './writes.ts';

/** Rigs of one repository that hear of its changes: more towns than that do not work on one. */
const MAX_RIGS = 100;

const rowSchema = z.object({ townId: z.string(), rigId: z.string() });
export type RepositoryRow = z.infer<typeof rowSchema>;

const repositoryPk = (name: string): string => `REPOSITORY#${name}`;

/** Where a rig is found by its repository; undefined: no forge could tell of it. */
export function repositoryRow(
  townId: string,
  { id, gitUrl }: Pick<Rig, 'id' | 'gitUrl'>,
): (RepositoryRow & Key) | undefined {
  const name = repositoryNameOf(gitUrl);
  if (name === undefined) return undefined;
  return { townId, rigId: id, pk: repositoryPk(name), sk: `TOWN#${townId}#RIG#${id}` };
}

/** Written together with the rig, so that a row is there exactly as long as its rig. */
export function repositoryWrites(townId: string, before: Rig | undefined, after: Rig | undefined): Write[] {
  const [old, next] = [before, after].map((rig) =>
    rig === undefined ? undefined : repositoryRow(townId, rig),
  );
  if (old?.pk === next?.pk) return [];
  return [
    ...(old === undefined ? [] : [{ op: 'delete' as const, key: { pk: old.pk, sk: old.sk } }]),
    ...(next === undefined ? [] : [{ op: 'put' as const, item: next }]),
  ];
}

/** Which rigs work on a repository. */
export interface RepositoryRows {
  /** @param name see `repositoryNameOf` @throws Unavailable */
  rigsOf(name: string): Promise<RepositoryRow[]>;
}

export function createRepositoryRows(options: TownTableOptions): RepositoryRows {
  const table = new TownTable(options);
  return {
    async rigsOf(name) {
      const rows = await table.query('repository', {
        where: '#pk = :pk',
        values: { ':pk': repositoryPk(name) },
        limit: MAX_RIGS,
      });
      return rows.map((row) => parseStored(rowSchema, row));
    },
  };
}
