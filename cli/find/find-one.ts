import { CommandFailed } from '../command-failed.ts';
import { isFullId, shortId } from '../render/id.ts';
import { UsageError } from '../usage-error.ts';

interface Named {
  readonly id: string;
}

export interface FindOptions<Item> {
  /** "town", "rig" */
  readonly kind: string;
  readonly items: readonly Item[];
  readonly nameOf: (item: Item) => string;
  readonly reference: string;
}

/** Fewer could be a name. */
const MIN_ID_CHARS = 4;

/**
 * What a word on the command line means: an id, the end of one, or a name.
 * @throws CommandFailed, UsageError when it means several
 */
export function findOne<Item extends Named>({ kind, items, nameOf, reference }: FindOptions<Item>): Item {
  const found =
    [
      items.filter(({ id }) => id === reference),
      items.filter((item) => nameOf(item) === reference),
      reference.length < MIN_ID_CHARS ? [] : items.filter(({ id }) => id.endsWith(reference)),
    ].find((some) => some.length > 0) ?? [];
  const [item, ...others] = found;
  if (item === undefined) {
    throw new CommandFailed(`There is no ${kind} "${reference}".${knownOnes(kind, items, nameOf)}`);
  }
  if (others.length > 0) {
    throw new UsageError(
      `"${reference}" means ${found.length} ${kind}s: say the id of one.\n${listed(found, nameOf)}`,
    );
  }
  return item;
}

const MAX_LISTED = 10;

function knownOnes<Item extends Named>(
  kind: string,
  items: readonly Item[],
  nameOf: (item: Item) => string,
): string {
  if (items.length === 0) return ` There are no ${kind}s.`;
  return items.length > MAX_LISTED ? '' : ` These are there:\n${listed(items, nameOf)}`;
}

/** One a line, as people can write them. */
export const listed = <Item extends Named>(items: readonly Item[], nameOf: (item: Item) => string): string =>
  items.map((item) => `  ${shortId(item.id)}  ${nameOf(item)}`).join('\n');

/** An id in full needs no list to be looked up in. */
export const idOr = async (reference: string, look: () => Promise<Named>): Promise<string> =>
  isFullId(reference) ? reference : (await look()).id;
