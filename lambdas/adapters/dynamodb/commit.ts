import { Conflict } from '../../../core/errors.ts';
import { countEnded } from '../../../core/town/ended.ts';
import { RULES_ON_HEAD } from '../../../core/town/head.ts';
import type { Outcome } from '../../../core/reconcile.ts';
import type { Instant } from '../../../core/town/instant.ts';
import type { Town } from '../../../core/town/town.ts';
import { isDeepStrictEqual } from 'node:util';
import { changeWrites, containerWrites, historyWrites, inboxWrites, outboxWrites } from './commit-writes.ts';
import { dueUpdate, headWrite, lostRace, mustHoldHead } from './head.ts';
import { toItem } from './items.ts';
import { logWrite } from './log.ts';
import { quarantineWrite } from './quarantine.ts';
import { MAX_TRANSACTION_ITEMS, type TownTable, type TransactResult } from './town-table.ts';
import { keyOfWrite, type Write } from './writes.ts';

/**
 * Commits an outcome under the version of the town's head: one transaction, or nothing. Nothing is written when nothing
 * changed and no fact came; a new due time alone is one plain write that makes no version.
 * @throws VersionConflict, NewerSchema, Unavailable; Conflict when an item is not as the live range showed it, which only
 * a writer that does not bump the head can do.
 */
export async function commit(
  table: TownTable,
  codeVersion: string,
  town: Town,
  outcome: Outcome,
  now: Instant,
): Promise<void> {
  if (!isEventful(town, outcome)) return commitDueTime(table, town, outcome, now);
  const { head } = town;
  const { set, remove } = dueUpdate(head, outcome.dueAt);
  const suspendedRules = outcome.suspendedRules?.map((one) => ({ codeVersion, ...one }));
  const ended = countEnded(head.ended, outcome.changes);
  const goneFromHead = RULES_ON_HEAD.filter(
    (name) => name in outcome.head && outcome.head[name] === undefined,
  );
  const writes: Write[] = [
    headWrite(head, {
      set: { ...set, ...toItem({ suspendedRules, ended, ...outcome.head }), updatedAt: now },
      remove: [
        ...remove,
        'failure',
        ...goneFromHead,
        ...(suspendedRules === undefined ? ['suspendedRules'] : []),
      ],
      add: { version: 1 },
    }),
    ...changeWrites(head.id, outcome.changes, now),
    ...containerWrites(town, outcome.container),
    ...historyWrites(head.id, outcome.history),
    ...outboxWrites(town, outcome.outbox),
    ...inboxWrites(head.id, outcome.takenInbox),
    logWrite(town, outcome, now, codeVersion),
  ];
  const quarantined = outcome.facts.quarantined.map((entry) => quarantineWrite(head.id, entry, now));
  // A fact costs the step's budget one item, its inbox deletion, but two when it is quarantined. What has no room in the
  // transaction is written before it: should that fail, people see the entry twice.
  const room = Math.max(0, MAX_TRANSACTION_ITEMS - writes.length);
  for (const write of quarantined.slice(room)) await table.write('quarantine', write);
  writes.push(...quarantined.slice(0, room));

  const result = await table.transact('commit', writes);
  mustHoldHead(head, result);
  // Another writer of this town is in the middle of its write: what was read may be old in a moment.
  if (result.state === 'conflict') throw lostRace(head.id, head.version, result.cause);
  if (result.state === 'refused') throw new Conflict(refusedText(result, writes), { cause: result.cause });
}

function isEventful({ head }: Town, outcome: Outcome): boolean {
  const { changes, history, container, takenInbox, outbox, decisions, facts } = outcome;
  const sizes = [changes, history, takenInbox, outbox.put, outbox.delete, decisions];
  const factSizes = [facts.applied, facts.stale, facts.quarantined];
  return (
    container !== undefined ||
    Object.keys(outcome.head).length > 0 ||
    [...sizes, ...factSizes].some(({ length }) => length > 0) ||
    !isDeepStrictEqual(outcome.suspendedRules, head.suspendedRules)
  );
}

/** Nobody decides by the due time, so it makes no version; but it holds only for what was read. */
async function commitDueTime(table: TownTable, town: Town, { dueAt }: Outcome, now: Instant): Promise<void> {
  const { head } = town;
  const { set, remove } = dueUpdate(head, dueAt);
  if (set['dueAt'] === head.dueAt && head.failure === undefined) return;
  const update = { set: { ...set, updatedAt: now }, remove: [...remove, 'failure'] };
  // As a transaction this would cost twice. The reason of a refusal is not asked for: reading the head again shows it.
  if (!(await table.write('commit', headWrite(head, update)))) throw lostRace(head.id, head.version);
}

function refusedText({ refusals }: TransactResult & { state: 'refused' }, writes: readonly Write[]): string {
  const names = [...refusals.keys()].flatMap((place) => {
    const write = writes[place];
    return write === undefined ? [] : [keyOfWrite(write).sk];
  });
  return `These items are not as they were read: ${names.join(', ')}.`;
}
