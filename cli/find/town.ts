import type { Operations, Town } from '../client/api.generated.ts';
import { CommandFailed } from '../command-failed.ts';
import { isFullId } from '../render/id.ts';
import { UsageError } from '../usage-error.ts';
import { readPages } from './all-pages.ts';
import { findOne, listed } from './find-one.ts';

const nameOf = ({ name }: Town): string => name;

/** The town that a word means; without a word the only one. @throws CommandFailed, UsageError */
export async function findTown(api: Operations, reference: string | undefined): Promise<Town> {
  if (reference !== undefined && isFullId(reference)) return api.getTown({ townId: reference });
  const { items } = await readPages((page) => api.listTowns(page));
  if (reference !== undefined) {
    return findOne({ kind: 'town', items, nameOf, reference });
  }
  const [town, ...others] = items;
  if (town === undefined) {
    throw new CommandFailed('There is no town yet: gastown towns create "My town".');
  }
  if (others.length > 0) {
    throw new UsageError(
      `There are ${items.length} towns: say --town, or set GASTOWN_TOWN.\n${listed(items, nameOf)}`,
    );
  }
  return town;
}
