import { Conflict, TooLarge } from '../../../core/errors.ts';
import type { NewRecords, NewTown } from '../../../core/ports.ts';
import type { Bead } from '../../../core/town/bead.ts';
import { SCHEMA_VERSION, type Head } from '../../../core/town/head.ts';
import type { Instant } from '../../../core/town/instant.ts';
import type { LiveKind, LiveRecords, Town } from '../../../core/town/town.ts';
import { ownersOf } from '../../../core/town/owners.ts';
import { bump, bumpWrite, mustHoldHead } from './head.ts';
import { toItem } from './items.ts';
import { bodyKey, configKey, headKey, ownerKey, recordKey } from './keys.ts';
import { repositoryWrites } from './repository-rows.ts';
import { MAX_TRANSACTION_ITEMS, type TownTable } from './town-table.ts';
import { ABSENT, type Write } from './writes.ts';

const MAX_BODY_BYTES = 64 * 1024;
/** Bodies written at the same time. */
const BODIES_AT_ONCE = 10;

/** Head, config and the rows of its owner and its organisation. @throws Conflict when the town is there already. */
export async function createTown(table: TownTable, { head, config, at }: NewTown): Promise<Head> {
  const created: Head = {
    ...head,
    lifecycle: 'active',
    version: 1,
    schema: SCHEMA_VERSION,
    createdAt: at,
    updatedAt: at,
  };
  const { id } = head;
  const writes = [
    { ...toItem(created), ...headKey(id) },
    { ...toItem(config), ...configKey(id) },
    ...ownersOf(head).map((owner) => ({ townId: id, createdAt: at, ...ownerKey(owner, id) })),
  ].map((item): Write => ({ op: 'put', item, condition: ABSENT }));
  const result = await table.transactPatiently('createTown', writes);
  if (result.state === 'refused')
    throw new Conflict(`There is a town ${id} already.`, { cause: result.cause });
  return created;
}

/**
 * New records and the head bump in one transaction, under the version that `town` was read as; their bodies before it, since
 * a body that no record points to harms nobody.
 * @throws VersionConflict, NewerSchema, Unavailable; Conflict for an id that is taken; TooLarge
 */
export async function create(table: TownTable, town: Town, records: NewRecords, at: Instant): Promise<void> {
  const { head } = town;
  const { rigs = [], beads = [], convoys = [], bodies = new Map<string, string>() } = records;
  const putOf = <K extends LiveKind>(kind: K, record: LiveRecords[K]): Write => {
    const key = recordKey(head.id, kind, record.id);
    return { op: 'put', item: { ...toItem(record), ...key }, condition: ABSENT };
  };
  const writes: Write[] = [
    bumpWrite(head, at),
    ...rigs.flatMap((rig) => [putOf('rig', rig), ...repositoryWrites(head.id, undefined, rig)]),
    ...beads.map((bead) => putOf('bead', bead)),
    ...convoys.map((convoy) => putOf('convoy', convoy)),
  ];
  if (writes.length > MAX_TRANSACTION_ITEMS) {
    throw new TooLarge(`At most ${MAX_TRANSACTION_ITEMS - 1} items can be created together.`);
  }
  await writeBodies(table, head.id, [...bodies]);
  const result = await table.transactPatiently('create', writes);
  mustHoldHead(head, result);
  if (result.state === 'refused') {
    throw new Conflict('One of the new items has an id that is taken.', { cause: result.cause });
  }
}

/**
 * A bead that depends on nothing has nothing to conflict with: its body, itself, then the head, plainly. Without the last one
 * it is found by the town's next step.
 * @throws NotFound, Conflict for an id that is taken, TooLarge, Unavailable
 */
export async function addBead(
  table: TownTable,
  townId: string,
  bead: Bead,
  body: string | undefined,
): Promise<void> {
  if (body !== undefined) await writeBodies(table, townId, [[bead.id, body]]);
  const item = { ...toItem(bead), ...recordKey(townId, 'bead', bead.id) };
  if (!(await table.write('addBead', { op: 'put', item, condition: ABSENT }))) {
    throw new Conflict(`The id ${bead.id} is taken.`);
  }
  await bump(table, townId, bead.createdAt);
}

async function writeBodies(
  table: TownTable,
  townId: string,
  bodies: readonly (readonly [string, string])[],
): Promise<void> {
  for (const [id, text] of bodies) {
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_BODY_BYTES) {
      throw new TooLarge(`The text of ${id} has ${bytes} bytes; ${MAX_BODY_BYTES} is the most.`);
    }
  }
  for (let from = 0; from < bodies.length; from += BODIES_AT_ONCE) {
    await Promise.all(
      bodies.slice(from, from + BODIES_AT_ONCE).map(([id, text]) => writeBody(table, townId, id, text)),
    );
  }
}

/** The same text again is a repeated request; another text would change what an existing record says. */
async function writeBody(table: TownTable, townId: string, id: string, text: string): Promise<void> {
  const condition = { text: `${ABSENT.text} OR #text = :text`, values: { ':text': text } };
  const item = { text, ...bodyKey(townId, id) };
  if (!(await table.write('body', { op: 'put', item, condition }))) {
    throw new Conflict(`There is a text of ${id} already.`);
  }
}
