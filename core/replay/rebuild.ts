import * as z from 'zod';
import { inboxStatement } from '../facts/inbox.ts';
import { messageFact, type MessageFact } from '../facts/message.ts';
import { RECORD_SCHEMAS, type LineOf, type LogRecord } from '../move/file-format.ts';
import type { TownConfig } from '../town/config.ts';
import { LIVE_KINDS, liveMapsOf, type LiveKind, type LiveRecords, type Town } from '../town/town.ts';
import { beforeSchema, type Before, type ChangeBefore } from './before.ts';

/** A step as it was taken: the town and the facts that it was decided on, and what was decided. */
export interface RecordedStep {
  readonly version: number;
  readonly at: number;
  readonly seed: string;
  readonly codeVersion: string | undefined;
  readonly town: Town;
  readonly facts: readonly MessageFact[];
  readonly decisions: LogRecord['decisions'];
  /** More was to be decided than fitted: what was left over is not known. */
  readonly isFull: boolean;
}
export interface SkippedStep {
  readonly version: number;
  readonly at: number;
  readonly skipped: string;
}

/** What an exported file says, as far as a replay needs it. */
export interface RecordedTown {
  readonly config: TownConfig;
  readonly live: readonly LineOf<'live'>[];
  readonly archived: readonly LineOf<'archived'>[];
  readonly log: readonly LogRecord[];
}

type AnyRecord = LiveRecords[LiveKind];

const factRecord = z.object({
  source: z.string(),
  id: z.string(),
  fact: z.unknown(),
  error: z.string().optional(),
});
const factsSchema = z.object({
  applied: z.array(factRecord),
  stale: z.array(factRecord),
  quarantined: z.array(factRecord),
});

/** The steps of a town, the last one first: each commit's log says what was before it. */
export function* stepsBackwards(recorded: RecordedTown): Generator<RecordedStep | SkippedStep> {
  const past = new Past(recorded);
  let unknown: string | undefined;
  for (const entry of recorded.log.toReversed()) {
    const { version, at } = entry;
    const parsed = beforeSchema.safeParse(entry.before);
    if (unknown === undefined && !parsed.success)
      unknown = `the log of version ${version} does not say what was before it`;
    if (unknown === undefined && parsed.success) unknown = past.undo(parsed.data, version);
    // People's edits change the town, and decide nothing.
    if (entry.seed === undefined) continue;
    if (unknown !== undefined || !parsed.success) {
      yield { version, at, skipped: unknown ?? 'unknown' };
      continue;
    }
    yield stepOf(entry, entry.seed, past, parsed.data);
  }
}

function stepOf(entry: LogRecord, seed: string, past: Past, before: Before): RecordedStep | SkippedStep {
  const { version, at, codeVersion, decisions, isTrimmed, dueAt } = entry;
  const facts = factsSchema.safeParse(entry.facts);
  const { head, container } = before;
  if (isTrimmed === true || !facts.success || head === undefined || container === undefined)
    return { version, at, skipped: 'it was too long to be kept whole' };
  const all = [...facts.data.applied, ...facts.data.stale, ...facts.data.quarantined];
  const ofInbox = all.filter(({ source }) => source === 'inbox').sort((a, b) => (a.id < b.id ? -1 : 1));
  const ofMessages = all
    .filter(({ source, id }) => source === 'message' && id !== 'observed')
    .sort((a, b) => Number(a.id) - Number(b.id));
  const unreadable: NonNullable<Town['unreadable']>[number][] = [];
  const inbox = ofInbox.flatMap(({ id, fact, error = '' }) => {
    const statement = inboxStatement.safeParse(fact);
    if (statement.success) return [{ id, at, statement: statement.data }];
    unreadable.push({ kind: 'statement', id, error, item: fact });
    return [];
  });
  return {
    version,
    at,
    seed,
    codeVersion,
    decisions,
    isFull: dueAt === at,
    facts: ofMessages.flatMap(({ fact }) => messageFact.safeParse(fact).data ?? []),
    town: {
      head,
      config: { ...past.config, rev: 0 },
      container,
      observed: before.observed,
      live: past.live(),
      inbox,
      outbox: new Map((before.outbox ?? []).map((row) => [row.key, row])),
      ...(unreadable.length === 0 ? {} : { unreadable }),
    },
  };
}

/** A town that goes back in time, commit by commit. */
class Past {
  config: TownConfig;
  readonly #live = liveMapsOf(() => new Map());
  readonly #ended = new Map<string, AnyRecord>();

  constructor({ config, live, archived }: RecordedTown) {
    this.config = config;
    for (const { kind, record } of live) this.#of(kind).set(record.id, record);
    for (const { kind, record } of archived) this.#ended.set(`${kind}:${record.id}`, record);
  }

  /** The live records, in the order in which a store gives them. */
  live(): Town['live'] {
    return liveMapsOf((kind) => new Map([...this.#live[kind]].sort(([a], [b]) => (a < b ? -1 : 1))));
  }

  /** @returns why the town before cannot be known; undefined: it is there */
  undo({ changes, config, counts }: Before, version: number): string | undefined {
    if (config !== undefined) this.config = config;
    for (const change of changes.toReversed()) {
      const problem = this.#undoOne(change, version);
      if (problem !== undefined) return problem;
    }
    return counts === undefined ? undefined : this.#forgetYounger(counts, version);
  }

  #of(kind: LiveKind): Map<string, AnyRecord> {
    return this.#live[kind];
  }

  #undoOne(
    { op, kind, id, was = {}, without = [], isNew }: ChangeBefore,
    version: number,
  ): string | undefined {
    const live = this.#of(kind);
    const key = `${kind}:${id}`;
    if (op === 'create') {
      live.delete(id);
      return undefined;
    }
    if (op === 'archive' && isNew === true) {
      this.#ended.delete(key);
      return undefined;
    }
    const after = op === 'archive' || op === 'delete' ? {} : live.get(id);
    if (after === undefined) return `the ${kind} ${id} of version ${version} is not in the file any more`;
    const rest = Object.entries(after).filter(([name]) => !without.includes(name));
    const parsed = RECORD_SCHEMAS[kind].safeParse({ ...Object.fromEntries(rest), ...was });
    if (!parsed.success) return `the ${kind} ${id} before version ${version} is not one that this code knows`;
    if (op === 'restore') {
      live.delete(id);
      this.#ended.set(key, parsed.data);
    } else {
      live.set(id, parsed.data);
      if (op === 'archive') this.#ended.delete(key);
    }
    return undefined;
  }

  /** What people made after the step that is looked at has no log entry: the youngest go until there are as many as it saw. */
  #forgetYounger(counts: NonNullable<Before['counts']>, version: number): string | undefined {
    for (const kind of LIVE_KINDS) {
      const live = this.#of(kind);
      const wanted = counts[kind] ?? 0;
      const young = [...live.values()].filter(({ rev }) => rev === 1).sort((a, b) => (a.id < b.id ? 1 : -1));
      for (const { id } of young.slice(0, Math.max(0, live.size - wanted))) live.delete(id);
      if (live.size !== wanted)
        return `version ${version} saw ${wanted} of ${kind}, and ${live.size} are known`;
    }
    return undefined;
  }
}
