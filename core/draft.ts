import { absentContainer, type Container } from './town/container.ts';
import type { Head, HeadChange } from './town/head.ts';
import type { Instant } from './town/instant.ts';
import { LIVE_KINDS, type LiveKind, type LiveMaps, type LiveRecords, type Town } from './town/town.ts';
import type { OutboxRow } from './effects.ts';
import type { HistoryEntry } from './town/history.ts';

type Maps = { [K in LiveKind]: Map<string, LiveRecords[K]> };

/**
 * What a step changed in the live records. `archive` moves the record out of the live range; `restore` brings it back, which
 * only an explicit reopening does.
 */
export type RecordChange = {
  [K in LiveKind]:
    | { op: 'create'; kind: K; record: LiveRecords[K] }
    | { op: 'update'; kind: K; before: LiveRecords[K]; record: LiveRecords[K] }
    | { op: 'archive'; kind: K; before: LiveRecords[K] | undefined; record: LiveRecords[K] }
    | { op: 'restore'; kind: K; before: LiveRecords[K]; record: LiveRecords[K] }
    | { op: 'delete'; kind: K; before: LiveRecords[K] };
}[LiveKind];

/** A record that moves between live and ended is an item in both; a bead that is deleted takes its text along, an agent its snapshot. */
export function itemsOfChange(change: RecordChange): number {
  const { op, kind } = change;
  if (op === 'archive' || op === 'restore') return 2;
  if (op !== 'delete') return 1;
  return kind === 'agent' || (kind === 'bead' && change.before.hasBody) ? 2 : 1;
}

/**
 * A working copy of a town. Records are never changed in place: a changed one replaces the old one, so the base stays
 * what was read and the difference is the step's changes.
 */
export class Draft {
  readonly base: Town;
  readonly now: Instant;
  head: Head;
  container: Container;
  outbox: ReadonlyMap<string, OutboxRow>;
  /** Ids of inbox items that this step takes off. */
  readonly takenInbox: Set<string>;
  /** What this step adds to the town's memory. */
  readonly history: HistoryEntry[];
  readonly #archived: Map<string, RecordChange & { op: 'archive' }>;
  /** Ended records by key, as they were when they were brought back. */
  readonly #restored: Map<string, LiveRecords[LiveKind]>;
  #maps: Maps;
  /** Kinds whose map is this draft's own; the others are shared with the base or a fork and copied before a write. */
  #owned = new Set<LiveKind>();

  constructor(base: Town, now: Instant, from?: Draft) {
    this.base = base;
    this.now = now;
    this.head = from?.head ?? base.head;
    this.container = from?.container ?? base.container ?? absentContainer(now);
    this.outbox = from?.outbox ?? base.outbox;
    this.takenInbox = new Set(from?.takenInbox);
    this.history = [...(from?.history ?? [])];
    this.#archived = new Map(from === undefined ? [] : from.#archived);
    this.#restored = new Map(from === undefined ? [] : from.#restored);
    // Read-only until copied: see `#own`.
    this.#maps = { ...(from === undefined ? (base.live as Maps) : from.#maps) };
  }

  /** A copy to try something on; keep it by using it instead of this one. */
  fork(): Draft {
    this.#owned = new Set();
    return new Draft(this.base, this.now, this);
  }

  get live(): LiveMaps {
    return this.#maps;
  }

  get<K extends LiveKind>(kind: K, id: string | undefined): LiveRecords[K] | undefined {
    return id === undefined ? undefined : this.#maps[kind].get(id);
  }

  all<K extends LiveKind>(kind: K): LiveRecords[K][] {
    return [...this.#maps[kind].values()];
  }

  /** Sets a record, new or changed; revision and update time follow by themselves. */
  put<K extends LiveKind>(kind: K, record: LiveRecords[K]): LiveRecords[K] {
    const before = this.base.live[kind].get(record.id);
    const next = { ...record, rev: before === undefined ? 1 : before.rev + 1, updatedAt: this.now };
    this.#own(kind).set(record.id, next);
    return next;
  }

  /** Ends a record: it leaves the live range with this final state. */
  archive<K extends LiveKind>(kind: K, record: LiveRecords[K]): void {
    const next = this.put(kind, record);
    this.#own(kind).delete(record.id);
    const change = { op: 'archive', kind, before: this.base.live[kind].get(record.id), record: next };
    // The pairing of kind and record is checked by this method's own type.
    this.#archived.set(`${kind}:${record.id}`, change as RecordChange & { op: 'archive' });
  }

  /** Brings an archived record back into the live range; one that ended in this very step has never left it. */
  restore<K extends LiveKind>(kind: K, before: LiveRecords[K], record: LiveRecords[K]): void {
    const key = `${kind}:${record.id}`;
    this.put(kind, record);
    this.#archived.delete(key);
    this.#restored.set(key, before);
  }

  delete(kind: LiveKind, id: string): void {
    this.#own(kind).delete(id);
  }

  /** What rules keep on the head; its other fields are the store's and the API's. */
  setHead(change: HeadChange): void {
    this.head = { ...this.head, ...change };
  }

  setContainer(next: Omit<Container, 'rev'>): void {
    this.container = { ...next, rev: this.base.container.rev + 1 };
  }

  setOutbox(row: OutboxRow): void {
    this.outbox = new Map(this.outbox).set(row.key, row);
  }

  dropOutbox(key: string): void {
    if (!this.outbox.has(key)) return;
    const next = new Map(this.outbox);
    next.delete(key);
    this.outbox = next;
  }

  changes(): RecordChange[] {
    const changes: RecordChange[] = [];
    for (const kind of LIVE_KINDS) this.#changesOf(kind, changes);
    changes.push(...this.#archived.values());
    return changes;
  }

  /** Items that the commit of this draft writes, without head and log. */
  itemCount(): number {
    let items = this.takenInbox.size + this.history.length + (this.container === this.base.container ? 0 : 1);
    for (const change of this.changes()) items += itemsOfChange(change);
    if (this.outbox !== this.base.outbox) {
      for (const [key, row] of this.outbox) if (this.base.outbox.get(key) !== row) items += 1;
      for (const key of this.base.outbox.keys()) if (!this.outbox.has(key)) items += 1;
    }
    return items;
  }

  #changesOf<K extends LiveKind>(kind: K, into: RecordChange[]): void {
    const before = this.base.live[kind];
    const after = this.#maps[kind];
    if (before === after) return;
    const found: unknown[] = [];
    for (const [id, record] of after) {
      const old = before.get(id);
      const ended = this.#restored.get(`${kind}:${id}`);
      if (old === undefined && ended !== undefined)
        found.push({ op: 'restore', kind, before: ended, record });
      else if (old === undefined) found.push({ op: 'create', kind, record });
      else if (old !== record) found.push({ op: 'update', kind, before: old, record });
    }
    for (const [id, old] of before) {
      if (!after.has(id) && !this.#archived.has(`${kind}:${id}`))
        found.push({ op: 'delete', kind, before: old });
    }
    into.push(...(found as RecordChange[]));
  }

  #own<K extends LiveKind>(kind: K): Maps[K] {
    if (!this.#owned.has(kind)) {
      this.#maps = { ...this.#maps, [kind]: new Map<string, LiveRecords[K]>(this.#maps[kind]) };
      this.#owned.add(kind);
    }
    return this.#maps[kind];
  }
}
