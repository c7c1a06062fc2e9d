import type * as z from 'zod';
import { agentSchema } from '../../../core/town/agent.ts';
import { beadSchema } from '../../../core/town/bead.ts';
import { convoySchema } from '../../../core/town/convoy.ts';
import { escalationSchema } from '../../../core/town/escalation.ts';
import { mailSchema } from '../../../core/town/mail.ts';
import { mergeRequestSchema } from '../../../core/town/merge-request.ts';
import { rigSchema } from '../../../core/town/rig.ts';
import { LIVE_KINDS, type LiveKind, type LiveRecords } from '../../../core/town/town.ts';
import { triageRequestSchema } from '../../../core/town/triage-request.ts';
import { parseStored, withoutStorage, withUnknown, type Item } from './items.ts';
import { FAMILY_OF_KIND } from './keys.ts';

interface RecordType<R> {
  readonly schema: z.ZodType<R>;
  /** Attributes that this code knows. */
  readonly attributes: ReadonlySet<string>;
  /** The word that says where the record stands, for the log. */
  readonly statusOf: (record: R) => string | undefined;
}

const typeOf = <S extends z.ZodObject>(
  schema: S,
  statusOf: (record: z.output<S>) => string | undefined = () => undefined,
): RecordType<z.output<S>> => ({
  // A loose object has all that a strict one has.
  schema: schema.loose() as unknown as z.ZodType<z.output<S>>,
  attributes: new Set(Object.keys(schema.shape)),
  statusOf,
});

export const RECORD_TYPES: { readonly [K in LiveKind]: RecordType<LiveRecords[K]> } = {
  rig: typeOf(rigSchema),
  bead: typeOf(beadSchema, ({ status }) => status),
  convoy: typeOf(convoySchema, ({ state }) => state),
  mergeRequest: typeOf(mergeRequestSchema, ({ stage }) => stage),
  agent: typeOf(agentSchema, ({ status }) => status),
  mail: typeOf(mailSchema),
  escalation: typeOf(escalationSchema, ({ severity }) => severity),
  triageRequest: typeOf(triageRequestSchema, ({ type }) => type),
};

const KIND_OF_FAMILY = new Map(LIVE_KINDS.map((kind) => [FAMILY_OF_KIND[kind], kind]));
export const kindOfFamily = (family: string): LiveKind | undefined => KIND_OF_FAMILY.get(family);

/** @throws CorruptItem */
export function parseRecord<K extends LiveKind>(kind: K, item: Item): LiveRecords[K] {
  const record: LiveRecords[K] = parseStored(RECORD_TYPES[kind].schema, item);
  return withUnknown(record, withoutStorage(item));
}

/** Attributes of a record that this code does not know. */
export const unknownOf = (kind: LiveKind, record: object): Item =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !RECORD_TYPES[kind].attributes.has(name)));
