import { SCHEMA_VERSION, type Head } from '../town/head.ts';
import type { Instant } from '../town/instant.ts';
import { LIVE_KINDS, type LiveKind, type Town } from '../town/town.ts';
import {
  MAX_LIVE_BYTES,
  type HeaderLine,
  type LineOf,
  type LogRecord,
  type RecordLine,
} from './file-format.ts';
import { checkInvariants } from './check-invariants.ts';
import { FileProblem } from './file-problem.ts';
import { importedRecord } from './imported-record.ts';
import { isUuid, NewIds } from './new-ids.ts';
import { referencesOf } from './references.ts';

/** Far beyond what a town reaches, and far below where whole numbers end. */
const MAX_VERSION = 1e12;

/** Who imports what, and when. */
export interface Importing {
  readonly importId: string;
  readonly ownerId: string;
  /** Organisations that the owner belongs to. */
  readonly orgIds: readonly string[];
  readonly at: Instant;
  /** What may be the address of a rig; throws what is to be said about one that may not. */
  readonly checkGitUrl: (gitUrl: string) => void;
}

/** What an import will make. Nothing is written before a whole file gave one. */
export interface TownPlan {
  readonly head: Head;
  readonly config: Town['config'];
  readonly live: readonly LineOf<'live'>[];
  /** The import itself in the log: the last entry. */
  readonly logEntry: LogRecord;
  readonly ids: NewIds;
  readonly secretsLeftOut: readonly string[];
}

/**
 * Takes the lines of a file and checks them against each other. It keeps the live records and the ids of all others: the
 * rest of the file is read again when it is written.
 */
export class TownPlanner {
  readonly #by: Importing;
  readonly #known = new Set<string>();
  /** Ids of ended records, by kind. */
  readonly #ended = new Map<LiveKind, Set<string>>(LIVE_KINDS.map((kind) => [kind, new Set()]));
  readonly #live: { line: LineOf<'live'>; number: number }[] = [];
  #header: HeaderLine | undefined;
  #head: Head | undefined;
  #config: LineOf<'config'>['record'] | undefined;
  #liveBytes = 0;
  #lastVersion = 0;

  constructor(by: Importing) {
    this.#by = by;
  }

  header(header: HeaderLine): void {
    this.#header = header;
  }

  /** @throws FileProblem */
  take(line: RecordLine, number: number, bytes: number): void {
    switch (line.section) {
      case 'head':
        this.#head = line.record;
        if (line.record.id !== this.#header?.townId)
          throw new FileProblem('the head is of another town than the header', number);
        return this.#identify(line.record.id, number);
      case 'config':
        this.#config = line.record;
        return;
      case 'live':
        this.#identify(line.record.id, number);
        this.#liveBytes += bytes;
        if (this.#liveBytes > MAX_LIVE_BYTES)
          throw new FileProblem(`the live records have more than ${MAX_LIVE_BYTES} bytes together`, number);
        if (line.kind === 'rig') this.#checkRig(line.record.gitUrl, number);
        this.#live.push({ line, number });
        return;
      case 'archived':
        this.#identify(line.record.id, number);
        this.#ended.get(line.kind)?.add(line.record.id);
        return;
      case 'body':
        if (!this.#known.has(line.id))
          throw new FileProblem(
            `the text belongs to ${line.id.slice(0, 40)}, which is not in the file`,
            number,
          );
        return;
      case 'history':
        if (line.record.kind === 'chat') this.#identify(line.record.id, number);
        return;
      case 'log':
        if (line.record.version <= this.#lastVersion)
          throw new FileProblem('the log is not in the order of its versions', number);
        this.#lastVersion = line.record.version;
    }
  }

  /** @throws FileProblem */
  plan(): TownPlan {
    const [header, old, config] = [this.#header, this.#head, this.#config];
    if (header === undefined || old === undefined || config === undefined)
      throw new FileProblem('it has no header, head or settings');
    this.#checkReferences();
    const { importId, ownerId, orgIds, at } = this.#by;
    const ids = new NewIds(importId, this.#known);
    const mayors = new Set(
      this.#live.flatMap(({ line }) =>
        line.kind === 'agent' && line.record.role === 'mayor' ? [line.record.id] : [],
      ),
    );
    const live = this.#live.flatMap(({ line }) => {
      const record = importedOf(line, { at, isMayor: (id) => mayors.has(id) });
      return record === undefined ? [] : [ids.in(record)];
    });
    const version = Math.max(this.#lastVersion, old.version) + 1;
    if (version > MAX_VERSION) throw new FileProblem('its version is not one that a town reaches');
    const { orgId } = old;
    const head: Head = {
      id: ids.of(old.id),
      name: old.name,
      ownerId,
      ...(orgId !== undefined && orgIds.includes(orgId) ? { orgId } : {}),
      lifecycle: 'paused',
      lifecycleSince: at,
      lifecycleBy: ownerId,
      version,
      schema: SCHEMA_VERSION,
      ...(old.ended === undefined ? {} : { ended: old.ended }),
      createdAt: at,
      updatedAt: at,
    };
    const plan = { head, config: { ...config, rev: 1 }, live, ids, secretsLeftOut: header.secretsLeftOut };
    checkInvariants(plan, at);
    return { ...plan, logEntry: entryOf(head, header, at) };
  }

  #identify(id: string, number: number): void {
    if (!isUuid(id)) throw new FileProblem('its id is not one that a town gives', number);
    if (this.#known.has(id)) throw new FileProblem(`the id ${id} is in the file twice`, number);
    this.#known.add(id);
  }

  #checkRig(gitUrl: string, number: number): void {
    try {
      this.#by.checkGitUrl(gitUrl);
    } catch (error) {
      const message = error instanceof Error ? error.message : 'it cannot be used';
      throw new FileProblem(`${message}. Change the rig before the export`, number);
    }
  }

  #checkReferences(): void {
    const live = new Map(this.#live.map(({ line }) => [line.record.id, line.kind]));
    for (const { line, number } of this.#live) {
      for (const { path, kind, id, isLive } of referencesOfLine(line)) {
        const isThere = live.get(id) === kind || (!isLive && this.#ended.get(kind)?.has(id) === true);
        // An ended blocker may have been deleted since; a new id is made for it, which nothing has.
        if (isThere || (!isLive && isUuid(id))) continue;
        throw new FileProblem(`${path}: there is no ${kind} ${id.slice(0, 40)} in the file`, number);
      }
    }
  }
}

// The pairing of kind and record is checked by the line's own type.
function importedOf(
  line: LineOf<'live'>,
  to: Parameters<typeof importedRecord>[2],
): LineOf<'live'> | undefined {
  const record = importedRecord<LiveKind>(line.kind, line.record, to);
  return record === undefined ? undefined : ({ ...line, record } as LineOf<'live'>);
}
const referencesOfLine = (line: LineOf<'live'>) => referencesOf<LiveKind>(line.kind, line.record);

function entryOf(head: Head, header: HeaderLine, at: Instant): LogRecord {
  const { version, id, ownerId } = head;
  const decision = {
    id: `${version}-0`,
    rule: 'api/import',
    subject: { kind: 'town', id },
    to: 'paused',
    reason: `imported by ${ownerId} from a file that version ${header.codeVersion.slice(0, 40)} wrote`,
  };
  return { version, at, facts: { applied: [], stale: [], quarantined: [] }, decisions: [decision] };
}
