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
export const doneKey = inTownBy('DONE#');
export const quarantineKey = inTownBy('QUARANTINE#');

export const FAMILY_OF_KIND: { readonly [K in LiveKind]: string } = {
  rig: 'RIG',
  bead: 'BEAD',
  convoy: 'CONVOY',
  mergeRequest: 'MR',
  agent: 'AGENT',
  mail: 'MAIL',
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
const VERSION_DIGITS = 16;
export const logSk = (version: number): string => `LOG#${String(version).padStart(VERSION_DIGITS, '0')}`;
export const logKey = (townId: string, version: number): Key => ({ pk: townPk(townId), sk: logSk(version) });

export const ownerPk = (ownerId: string): string => `OWNER#${ownerId}`;
export const ownerKey = (ownerId: string, townId: string): Key => ({
  pk: ownerPk(ownerId),
  sk: townPk(townId),
});

/** Partition of the index `done`: terminal records of one kind of one town, by time. */
export const donePk = (townId: string, kind: LiveKind): string => `${townPk(townId)}#${kind}`;
