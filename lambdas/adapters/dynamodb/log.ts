import * as z from 'zod';
import type { RecordChange } from '../../../core/draft.ts';
import type { Edit, LogEntry } from '../../../core/ports.ts';
import type { Quarantined } from '../../../core/attempt.ts';
import type { Outcome } from '../../../core/reconcile.ts';
import type { Decision } from '../../../core/step.ts';
import type { Instant } from '../../../core/town/instant.ts';
import type { LiveKind, LiveRecords, Town } from '../../../core/town/town.ts';
import type { SubjectKind } from '../../../core/wait.ts';
import { parseStored, toItem } from './items.ts';
import { packBefore, stepPart } from './log-before.ts';
import { logKey, logSk, townPk } from './keys.ts';
import { RECORD_TYPES } from './records.ts';
import type { TownTable } from './town-table.ts';
import { ABSENT, type Write } from './writes.ts';

/** A longer body is trimmed: it belongs in S3, where nothing is kept yet. */
const MAX_BODY_BYTES = 64 * 1024;
/** What is left of a body that even without its facts is too long: below the 400 KB of an item in any case. */
const MAX_TRIMMED_DECISIONS = 250;
const MAX_TRIMMED_REASON_CHARS = 200;

/** The log item of a commit: enough to replay it, unless it `isTrimmed`. */
export function logWrite(town: Town, outcome: Outcome, now: Instant, codeVersion: string): Write {
  const { head, container } = town;
  const version = head.version + 1;
  const body = {
    version,
    at: now,
    seed: outcome.seed,
    codeVersion,
    facts: outcome.facts,
    decisions: outcome.decisions,
    changes: [
      ...outcome.changes.map(summaryOf),
      ...(outcome.container === undefined
        ? []
        : [
            {
              op: container.rev === 0 ? 'create' : 'update',
              kind: 'container',
              status: outcome.container.state,
            },
          ]),
    ],
    dueAt: outcome.dueAt,
  };
  const before = packBefore(outcome.changes, stepPart(town));
  return put(head.id, version, body, before);
}

/** The part that is only for replays is no part of what is trimmed. */
const put = (townId: string, version: number, body: Body, before: Uint8Array | undefined): Write => ({
  op: 'put',
  item: { ...toItem(trimmed(body)), ...(before === undefined ? {} : { before }), ...logKey(townId, version) },
  condition: ABSENT,
});

function summaryOf(change: RecordChange): {
  op: string;
  kind: string;
  id: string;
  status?: string | undefined;
} {
  const { op, kind } = change;
  const record = change.op === 'delete' ? change.before : change.record;
  return { op, kind, id: record.id, status: statusOf(kind, record) };
}

// The pairing of kind and record is checked by the change's own type.
const statusOf = <K extends LiveKind>(kind: K, record: LiveRecords[LiveKind]): string | undefined =>
  RECORD_TYPES[kind].statusOf(record as LiveRecords[K]);

interface LoggedFact {
  readonly source: string;
  readonly id: string;
  readonly fact: unknown;
}
interface Body {
  readonly facts: {
    readonly applied: readonly LoggedFact[];
    readonly stale: readonly LoggedFact[];
    readonly quarantined: readonly Quarantined[];
  };
  readonly decisions: readonly Decision[];
}

function trimmed<B extends Body>(body: B): object {
  if (bytesOf(body) <= MAX_BODY_BYTES) return body;
  const idsOf = (facts: readonly LoggedFact[]) => facts.map(({ source, id }) => ({ source, id }));
  const { applied, stale, quarantined } = body.facts;
  const facts = { applied: idsOf(applied), stale: idsOf(stale), quarantined: idsOf(quarantined) };
  const withoutFacts = { ...body, facts, isTrimmed: true };
  if (bytesOf(withoutFacts) <= MAX_BODY_BYTES) return withoutFacts;
  const decisions = body.decisions
    .slice(0, MAX_TRIMMED_DECISIONS)
    .map((decision) => ({ ...decision, reason: decision.reason.slice(0, MAX_TRIMMED_REASON_CHARS) }));
  return { ...withoutFacts, decisions, decisionCount: body.decisions.length };
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const decision: z.ZodType<Decision> = z.looseObject({
  id: z.string(),
  rule: z.string(),
  // Newer code may speak of kinds that this code does not know; the log only shows them.
  subject: z.looseObject({ kind: z.string() as unknown as z.ZodType<SubjectKind>, id: z.string() }),
  from: z.string().optional(),
  to: z.string().optional(),
  reason: z.string(),
});
const storedEntry = z.object({ version: z.number(), at: z.number(), decisions: z.array(decision) });

/** The log item of what a person changed through the API. */
export function editLogWrite(
  { head, config: oldConfig }: Town,
  edit: Edit,
  at: Instant,
  codeVersion: string,
): Write {
  const version = head.version + 1;
  const { rule, subject, from, to, reason, changes = [], config } = edit;
  const decisions = [{ id: `${version}-0`, rule, subject, from, to, reason }];
  const edits = { changes: changes.map((change) => ('record' in change ? change.record : change)), config };
  const facts = { applied: [{ source: 'edit', id: rule, fact: edits }], stale: [], quarantined: [] };
  const summary = { changes: changes.map(summaryOf) };
  const body = { version, at, codeVersion, facts, decisions, ...summary };
  const { secrets: _, rev: __, ...settings } = oldConfig;
  return put(head.id, version, body, packBefore(changes, config === undefined ? {} : { config: settings }));
}

/** Newest first; at most `limit`, all older than version `before`. */
export async function readLog(
  table: TownTable,
  townId: string,
  limit: number,
  before = Number.MAX_SAFE_INTEGER,
): Promise<LogEntry[]> {
  const items = await table.query('log', {
    where: '#pk = :pk AND #sk BETWEEN :from AND :to',
    values: { ':pk': townPk(townId), ':from': logSk(0), ':to': logSk(Math.max(0, before - 1)) },
    isNewestFirst: true,
    limit,
  });
  return items.map((item) => parseStored(storedEntry, item));
}
