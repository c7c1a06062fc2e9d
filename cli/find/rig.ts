import type { Operations, Rig } from '../client/api.generated.ts';
import { CommandFailed } from '../command-failed.ts';
import { UsageError } from '../usage-error.ts';
import { readPages } from './all-pages.ts';
import { findOne, listed } from './find-one.ts';

const nameOf = ({ name }: Rig): string => name;

/** The rig that a word means; without a word the only one. @throws CommandFailed, UsageError */
export async function findRig(api: Operations, townId: string, reference: string | undefined): Promise<Rig> {
  const { items } = await readPages((page) => api.listRigs({ townId, ...page }));
  if (reference !== undefined) return findOne({ kind: 'rig', items, nameOf, reference });
  const [rig, ...others] = items;
  if (rig === undefined) {
    throw new CommandFailed('The town has no repository yet: gastown rigs add <name> <git url>.');
  }
  if (others.length > 0) {
    throw new UsageError(`The town has ${items.length} rigs: say --rig.\n${listed(items, nameOf)}`);
  }
  return rig;
}
