import type { EffectMessage, OutboxRow } from './effects.ts';
import type { InboxItem } from './facts/inbox.ts';
import type { TownMessage } from './facts/message.ts';
import type { Quarantined } from './attempt.ts';
import type { Outcome } from './reconcile.ts';
import type { ModelCredentials } from './protocol/sync.ts';
import type { Bead } from './town/bead.ts';
import type { Convoy } from './town/convoy.ts';
import type { Container, Observed } from './town/container.ts';
import type { Head } from './town/head.ts';
import type { Instant } from './town/instant.ts';
import type { LiveKind, LiveRecords, Town } from './town/town.ts';

/** What the town needs of the outside; implemented by `lambdas/adapters/` and, where AWS has no local stand-in, `local/`. */

export type Now = () => Instant;

export interface NewTown {
  readonly head: Pick<Head, 'id' | 'name' | 'ownerId' | 'orgId'>;
  readonly config: Town['config'];
  readonly at: Instant;
}

/** One entry of the audit log: a commit with what it decided. */
export interface LogEntry {
  readonly version: number;
  readonly at: Instant;
  readonly decisions: Outcome['decisions'];
}

/** What the reconciler needs. Every method may throw `Unavailable` (throttled, slow) and `NewerSchema`. */
export interface ReconcilerStore {
  /** The head alone, strongly read: one read unit. */
  head(townId: string): Promise<Head | undefined>;
  /** The live town. `head` is the one that was read first; a commit is made under its version. */
  load(head: Head): Promise<Town>;
  /**
   * Commits an outcome: changes, outbox, log, inbox deletions, quarantine and due time in one transaction.
   * @throws VersionConflict when something was written since the head was read.
   */
  commit(town: Town, outcome: Outcome, now: Instant): Promise<void>;
  /** Keeps a message that could not be understood. */
  quarantine(townId: string, entry: Quarantined, at: Instant): Promise<void>;
  /** Writes down that reconciling fails, with a backed-off due time. Never throws for a lost race. */
  recordFailure(townId: string, failure: NonNullable<Head['failure']>, dueAt: Instant): Promise<void>;
}

/** What the API, the container and the workers need of a town. */
export interface TownStore extends ReconcilerStore {
  createTown(town: NewTown): Promise<Head>;
  towns(ownerId: string): Promise<Head[]>;
  /** Head and live range, read in that order. Undefined: there is no such town. */
  live(townId: string): Promise<Town | undefined>;
  /** New records (with their bodies), checked against what `town` was read as, in one transaction with the head bump. */
  create(town: Town, records: NewRecords, at: Instant): Promise<void>;
  /** A bead that depends on nothing: its body, the item, then the head bump, under no version. */
  addBead(townId: string, bead: Bead, body: string | undefined): Promise<void>;
  /** A statement: the item, then the head bump; when this returns the statement is safe. Repeated ids are one statement. */
  addInbox(townId: string, item: InboxItem): Promise<void>;
  archived<K extends LiveKind>(townId: string, kind: K, id: string): Promise<LiveRecords[K] | undefined>;
  archivedOf<K extends LiveKind>(townId: string, kind: K): Promise<LiveRecords[K][]>;
  body(townId: string, recordId: string): Promise<string | undefined>;
  log(townId: string, limit: number, before?: number): Promise<LogEntry[]>;

  container(townId: string): Promise<{ container: Container; observed: Observed | undefined } | undefined>;
  record<K extends LiveKind>(townId: string, kind: K, id: string): Promise<LiveRecords[K] | undefined>;
  /** Writes what a container reported, unless something newer stands. Says whether it was written. */
  observe(townId: string, observed: Observed): Promise<boolean>;

  outboxRow(townId: string, key: string): Promise<OutboxRow | undefined>;
  /** Claims a row until `until`; false: there is no row, or somebody holds an unexpired claim. */
  claimOutbox(townId: string, key: string, now: Instant, until: Instant): Promise<boolean>;
  /** Gives the claim until `claimedUntil` back; somebody else's stays. */
  releaseOutbox(townId: string, key: string, claimedUntil: Instant): Promise<void>;
  /** Towns of a shard whose due time has come, the longest overdue first. */
  dueTowns(shard: number, now: Instant, limit: number): Promise<{ townId: string; dueAt: Instant }[]>;
}

export interface NewRecords {
  readonly rigs?: readonly LiveRecords['rig'][];
  readonly beads?: readonly Bead[];
  readonly convoys?: readonly Convoy[];
  /** By record id; at most 64 KiB each. */
  readonly bodies?: ReadonlyMap<string, string>;
}

/** The town queue: FIFO, one group a town. Carries haste, not truth. */
export interface TownQueue {
  /** @param dedupId messages with the same one within 5 minutes are one. */
  send(message: TownMessage, dedupId?: string): Promise<void>;
}

export interface EffectQueue {
  send(messages: readonly EffectMessage[]): Promise<void>;
}

export interface StoppedTask {
  readonly reason: string;
  readonly exitCode?: number | undefined;
}

/** The platform that runs a town's container. Errors are `TaskError`s. */
export interface Tasks {
  /** Starts the task of an epoch, or finds the one that an earlier call with the same epoch started. */
  run(task: { townId: string; epoch: number }): Promise<{ taskArn: string }>;
  /**
   * Asks the task of an epoch to stop.
   * @returns `stopped` with why; `stopping`; `absent`: the platform knows no such task.
   */
  stop(task: {
    townId: string;
    epoch: number;
    taskArn?: string | undefined;
    reason: string;
  }): Promise<{ state: 'stopped'; stopped: StoppedTask } | { state: 'stopping' } | { state: 'absent' }>;
}

/** Tells a container that there is something to sync; best effort. */
export interface ContainerSocket {
  syncNow(townId: string, epoch: number): Promise<void>;
}

export interface ContainerClaims {
  readonly townId: string;
  readonly epoch: number;
}
export interface AgentClaims extends ContainerClaims {
  readonly agentId: string;
  readonly role: string;
  readonly attempt: number;
  readonly work: { readonly kind: 'bead' | 'mergeRequest'; readonly id: string };
}

/** Tokens of containers and agents: ES256, at most 1 h. Verification throws `Unauthorized`. */
export interface TokenSigner {
  bootstrapToken(claims: ContainerClaims): Promise<string>;
  verifyBootstrapToken(token: string): Promise<ContainerClaims>;
  containerToken(claims: ContainerClaims): Promise<string>;
  agentToken(claims: AgentClaims): Promise<string>;
  verify(
    token: string,
  ): Promise<{ kind: 'container'; claims: ContainerClaims } | { kind: 'agent'; claims: AgentClaims }>;
}

/** Where agents of a town get their model. */
export interface ModelAccess {
  credentials(townId: string): Promise<ModelCredentials>;
}

/** Structured log lines and counters. Fields are an allow-list by type: no free objects, no secrets. */
export interface Telemetry {
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: LogFields): void;
  count(metric: string, value: number): void;
}
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
