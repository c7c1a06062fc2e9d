import * as z from 'zod';
import { agentSchema } from '../town/agent.ts';
import { beadSchema } from '../town/bead.ts';
import { townConfigSchema } from '../town/config.ts';
import { convoySchema } from '../town/convoy.ts';
import { escalationSchema } from '../town/escalation.ts';
import { headSchema } from '../town/head.ts';
import { historyEntry } from '../town/history.ts';
import { mailSchema } from '../town/mail.ts';
import { mergeRequestSchema } from '../town/merge-request.ts';
import { rigSchema } from '../town/rig.ts';
import type { LiveKind, LiveRecords } from '../town/town.ts';
import { triageRequestSchema } from '../town/triage-request.ts';

/**
 * A town as a file: JSON Lines. First the header, then the head, the settings, and the records, section by section in the
 * order of `SECTIONS`; the last line counts the others, so that a file that was cut off is noticed.
 *
 * Not among the records: secrets (their names are in the header), the outbox and what workers claimed, statements that were not applied
 * yet, quarantined facts, and the container: what it should run, what it reported, its tasks and tokens. What steps
 * were decided on, container and outbox among it, is in the log, for replays; it holds no token and no secret.
 */
export const FILE_FORMAT = 'gastown-town';
/** Grows when older code could not read the file any more. */
export const FILE_VERSION = 1;

export const SECTIONS = ['head', 'config', 'live', 'archived', 'body', 'history', 'log'] as const;
export type Section = (typeof SECTIONS)[number];

export const headerLine = z.object({
  format: z.literal(FILE_FORMAT),
  version: z.number().int().positive(),
  townId: z.string(),
  /** Milliseconds since 1970. */
  exportedAt: z.number(),
  /** The code that wrote it. */
  codeVersion: z.string(),
  /** Names of the secrets that the town had: they have to be set anew. */
  secretsLeftOut: z.array(z.string()).max(1000),
});
export type HeaderLine = z.infer<typeof headerLine>;

export const RECORD_SCHEMAS = {
  rig: rigSchema,
  bead: beadSchema,
  convoy: convoySchema,
  mergeRequest: mergeRequestSchema,
  agent: agentSchema,
  mail: mailSchema,
  escalation: escalationSchema,
  triageRequest: triageRequestSchema,
} satisfies { [K in LiveKind]: z.ZodType<LiveRecords[K]> };

const liveLine = <K extends LiveKind>(kind: K) =>
  z.object({ section: z.literal('live'), kind: z.literal(kind), record: RECORD_SCHEMAS[kind] });
const archivedLine = <K extends LiveKind>(kind: K) =>
  z.object({
    section: z.literal('archived'),
    kind: z.literal(kind),
    endedAt: z.number(),
    record: RECORD_SCHEMAS[kind],
  });

/** One commit, as the log keeps it. */
export const logRecord = z.object({
  version: z.number().int().positive(),
  at: z.number(),
  seed: z.string().optional(),
  codeVersion: z.string().optional(),
  facts: z.unknown(),
  decisions: z.array(
    z.object({
      id: z.string(),
      rule: z.string(),
      subject: z.object({ kind: z.string(), id: z.string() }),
      from: z.string().optional(),
      to: z.string().optional(),
      reason: z.string(),
    }),
  ),
  changes: z.unknown().optional(),
  dueAt: z.number().optional(),
  isTrimmed: z.boolean().optional(),
  decisionCount: z.number().optional(),
  /** What the step was decided on (`core/replay/before.ts`); an import leaves it out: its ids are the old town's. */
  before: z.unknown().optional(),
});
export type LogRecord = z.infer<typeof logRecord>;

/** Unknown attributes are left out: a file may hold anything, and a record only what this code knows. */
export const recordLine = z.union([
  z.object({ section: z.literal('head'), record: headSchema }),
  z.object({ section: z.literal('config'), record: townConfigSchema.omit({ secrets: true }) }),
  z.discriminatedUnion('kind', [
    liveLine('rig'),
    liveLine('bead'),
    liveLine('convoy'),
    liveLine('mergeRequest'),
    liveLine('agent'),
    liveLine('mail'),
    liveLine('escalation'),
    liveLine('triageRequest'),
  ]),
  z.discriminatedUnion('kind', [
    archivedLine('rig'),
    archivedLine('bead'),
    archivedLine('convoy'),
    archivedLine('mergeRequest'),
    archivedLine('agent'),
    archivedLine('mail'),
    archivedLine('escalation'),
    archivedLine('triageRequest'),
  ]),
  z.object({ section: z.literal('body'), id: z.string(), text: z.string() }),
  z.object({ section: z.literal('history'), record: historyEntry }),
  z.object({ section: z.literal('log'), record: logRecord }),
]);
export type RecordLine = z.infer<typeof recordLine>;
export type LineOf<S extends Section> = Extract<RecordLine, { section: S }>;

export const endLine = z.object({ section: z.literal('end'), lines: z.number().int() });

/** Longest line, in bytes; an item of the database has at most 400 KB. */
export const MAX_LINE_BYTES = 380 * 1024;
/** Longest record of a section, as JSON in bytes. What rules read again and again is small. */
export const MAX_RECORD_BYTES: Readonly<Record<Section, number>> = {
  head: 16 * 1024,
  config: 100 * 1024,
  live: 100 * 1024,
  archived: 100 * 1024,
  // JSON may write one byte of a text as six.
  body: MAX_LINE_BYTES,
  history: 100 * 1024,
  log: MAX_LINE_BYTES,
};
/** Longest body, in bytes of UTF-8. */
export const MAX_BODY_BYTES = 64 * 1024;
/** All live records of a town together: every step reads them. */
export const MAX_LIVE_BYTES = 32 * 1024 * 1024;
