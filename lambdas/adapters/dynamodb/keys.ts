import type { HistoryEntry, HistoryKind } from '../../../core/town/history.ts';
import type { LiveKind } from '../../../core/town/town.ts';

/** Primary key of an item. A type, not an interface: the SDK takes it as a record. */
export type Key = { readonly pk: string; readonly sk: string };

const TOWN_PREFIX = 'TOWN#';
export const townPk = (townId: string): string => TOWN_PREFIX + townId;
/** The town of a partition key that `townPk` made. */
export const townOfPk = (pk: string): string => pk.slice(TOWN_PREFIX.length);

const inTown =
  (sk: string) =>
  (townId: string): Key => ({ pk: townPk(townId), sk });
const inTownBy =
  (prefix: string) =>
  (townId: string, id: string): Key => ({ pk: townPk(townId), sk: prefix + id });

/** `!` sorts before every other live item. */
export const headKey = inTown('LIVE#!HEAD');
export const configKey = inTown('LIVE#CONFIG');
export const containerKey = inTown('LIVE#CONTAINER');
export const observedKey = inTown('LIVE#OBSERVED');
export const inboxKey = inTownBy('LIVE#INBOX#');
export const outboxKey = inTownBy('LIVE#OUTBOX#');
export const bodyKey = inTownBy('BODY#');
export const DONE_PREFIX = 'DONE#';
export const doneKey = inTownBy(DONE_PREFIX);
/** Where an agent's last good snapshot is. */
export const snapshotRowKey = inTownBy('SNAPSHOT#');
export const quarantineKey = inTownBy('QUARANTINE#');

export const FAMILY_OF_KIND: { readonly [K in LiveKind]: string } = {
  rig: 'RIG',
  bead: 'BEAD',
  convoy: 'CONVOY',
  mergeRequest: 'MR',
  agent: 'AGENT',
  mail: 'MAIL',
  escalation: 'ESCALATION',
  triageRequest: 'TRIAGE',
};
export const recordKey = (townId: string, kind: LiveKind, id: string): Key => ({
  pk: townPk(townId),
  sk: `LIVE#${FAMILY_OF_KIND[kind]}#${id}`,
});

/** The live range without the head: families begin with a capital letter, and `~` sorts after those. */
export const LIVE_FROM = 'LIVE#A';
export const LIVE_TO = 'LIVE#~';

/** `LIVE#BEAD#x` → `BEAD`. */
export const familyOf = (sk: string): string => sk.split('#', 2)[1] ?? '';

/** Digits of the largest safe integer: as text, versions sort like numbers. */
const NUMBER_DIGITS = 16;
const sortable = (number: number): string => String(number).padStart(NUMBER_DIGITS, '0');
export const logSk = (version: number): string => `LOG#${sortable(version)}`;
export const logKey = (townId: string, version: number): Key => ({ pk: townPk(townId), sk: logSk(version) });

export const ownerPk = (ownerId: string): string => `OWNER#${ownerId}`;
export const ownerKey = (ownerId: string, townId: string): Key => ({
  pk: ownerPk(ownerId),
  sk: townPk(townId),
});

const HISTORY_PREFIX: { readonly [K in HistoryKind]: string } = {
  attempt: 'ATTEMPT#',
  run: 'RUN#',
  chat: 'CHAT#',
};
/** Attempts by what they cost for: a bead, or the convoy of a landing; the mayor's are the town's. */
export const attemptPrefix = (purposeId = 'town'): string => `${HISTORY_PREFIX.attempt}${purposeId}#`;
export const historyPrefix = (kind: HistoryKind): string => HISTORY_PREFIX[kind];
export function historyKey(townId: string, entry: HistoryEntry): Key {
  const pk = townPk(townId);
  switch (entry.kind) {
    case 'attempt': {
      const { beadId, convoyId, startedAt, agentId, session } = entry;
      const prefix = attemptPrefix(beadId ?? convoyId);
      return { pk, sk: `${prefix}${sortable(startedAt)}#${agentId}#${session}` };
    }
    case 'run':
      return { pk, sk: HISTORY_PREFIX.run + sortable(entry.epoch) };
    case 'chat':
      return { pk, sk: HISTORY_PREFIX.chat + entry.id };
  }
}

/** Partition of the index `done`: terminal records of one kind of one town, by time. */
export const donePk = (townId: string, kind: LiveKind): string => `${townPk(townId)}#${kind}`;
