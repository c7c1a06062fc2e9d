import type { EffectMessage, OutboxRow } from './effects.ts';
import type { InboxItem } from './facts/inbox.ts';
import type { TownMessage } from './facts/message.ts';
import type { Quarantined } from './attempt.ts';
import type { ExportRecord } from './move/export-record.ts';
import type { LineOf, RecordLine } from './move/file-format.ts';
import type { ImportRecord } from './move/import-record.ts';
import type { ForgeError } from './pull-request/forge-error.ts';
import type { PullRequestSnapshot } from './pull-request/snapshot.ts';
import type { Outcome } from './reconcile.ts';
import type { ModelCredentials } from './protocol/sync.ts';
import type { Integration } from './integration.ts';
import type { SnapshotRecord } from './snapshot/snapshot-record.ts';
import type { Bead } from './town/bead.ts';
import type { TownConfig } from './town/config.ts';
import type { ModelChoice } from './town/config/models.ts';
import type { Convoy } from './town/convoy.ts';
import type { Container, Observed } from './town/container.ts';
import type { Head } from './town/head.ts';
import type { HistoryKind, HistoryOf } from './town/history.ts';
import type { RecordChange } from './draft.ts';
import type { Subject } from './wait.ts';
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
  /** Commits are told to watchers until then; no version is made, and a town that is gone is no error. */
  watch(townId: string, until: Instant): Promise<void>;
  /** Towns of a user and of organisations. */
  towns(ownerId: string, orgIds?: readonly string[]): Promise<Head[]>;
  /** Head and live range, read in that order. Undefined: there is no such town. */
  live(townId: string): Promise<Town | undefined>;
  /** New records (with their bodies), checked against what `town` was read as, in one transaction with the head bump. */
  create(town: Town, records: NewRecords, at: Instant): Promise<void>;
  /**
   * What a person changed, with its log entry, in one transaction under the version that `town` was read as.
   * @throws VersionConflict when something was written since.
   */
  edit(town: Town, edit: Edit, at: Instant): Promise<void>;
  /** A bead that depends on nothing: its body, the item, then the head bump, under no version. */
  addBead(townId: string, bead: Bead, body: string | undefined): Promise<void>;
  /** A statement: the item, then the head bump; when this returns the statement is safe. Repeated ids are one statement. */
  addInbox(townId: string, item: InboxItem): Promise<void>;
  archived<K extends LiveKind>(townId: string, kind: K, id: string): Promise<LiveRecords[K] | undefined>;
  /** Those of these that have ended, in no order. */
  archivedAmong<K extends LiveKind>(
    townId: string,
    kind: K,
    ids: readonly string[],
  ): Promise<LiveRecords[K][]>;
  /** A part of what has ended, in the order of ids, so of when it was made; at most 1 MiB is read. */
  archivedPart<K extends LiveKind>(
    townId: string,
    kind: K,
    query: ArchiveQuery,
  ): Promise<ArchivePart<LiveRecords[K]>>;
  /** All that has ended, the newest end first: for kinds of which there are few. @throws TooLarge beyond 64 MiB */
  archivedOf<K extends LiveKind>(townId: string, kind: K): Promise<LiveRecords[K][]>;
  body(townId: string, recordId: string): Promise<string | undefined>;
  config(townId: string): Promise<Town['config'] | undefined>;
  /** An ended record and its body are gone for good. False: it was not there, or somebody has asked for it anew. */
  removeArchived(townId: string, id: string): Promise<boolean>;
  /**
   * What the town remembers, oldest first unless asked otherwise; attempts in the order of what they were for.
   * @param query.purposeId attempts at this bead or convoy only
   * @param query.to chat up to and with this message
   */
  history<K extends HistoryKind>(
    townId: string,
    kind: K,
    query: { limit: number; isNewestFirst?: boolean; purposeId?: string; to?: string },
  ): Promise<HistoryOf<K>[]>;
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

export interface ArchiveQuery {
  /** Ended records of any kind that are looked at, at most. */
  readonly limit: number;
  /** The id behind which the part begins; it need not be there. Undefined: at the beginning. */
  readonly after?: string | undefined;
  /** From the highest id down. */
  readonly isNewestFirst?: boolean;
}

export interface ArchivePart<Record> {
  /** Those of the kind; there may be none, and more behind the part. */
  readonly records: readonly Record[];
  /** The id that was looked at last. Undefined: there is nothing behind this part. */
  readonly end: string | undefined;
}

/** A change of what people own. */
export interface Edit {
  /** What was asked for; the audit log shows it where it shows the rule of other decisions. */
  readonly rule: `api/${string}`;
  readonly subject: Subject;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly reason: string;
  /** The user. */
  readonly by: string;
  /** Updates of live records. */
  readonly changes?: readonly RecordChange[];
  /** The town's settings as they are from now on. */
  readonly config?: TownConfig;
  readonly lifecycle?: Head['lifecycle'];
  /** By record id; at most 64 KiB each. */
  readonly bodies?: ReadonlyMap<string, string>;
}

export interface NewRecords {
  readonly rigs?: readonly LiveRecords['rig'][];
  readonly beads?: readonly Bead[];
  readonly convoys?: readonly Convoy[];
  /** By record id; at most 64 KiB each. */
  readonly bodies?: ReadonlyMap<string, string>;
}

/** Files of exports, imports and snapshots. Every method may throw `Unavailable`. */
export interface ObjectStore {
  /** Writes a text of any length in bounded memory. Nothing is there until all of it is; says how many bytes it has. */
  write(key: string, text: AsyncIterable<string>): Promise<number>;
  /** Undefined: there is no such object. */
  describe(key: string): Promise<{ readonly bytes: number; readonly etag: string } | undefined>;
  /** The object as it was with this etag. @throws Conflict when it was changed or is gone */
  read(key: string, etag: string): AsyncIterable<Uint8Array>;
  remove(key: string): Promise<void>;
  /** Deletes all objects whose keys begin so. False: the time was up before all were gone. */
  removeAll(prefix: string, isTimeUp: () => boolean): Promise<boolean>;
  /** An address that gives the object for 15 minutes. */
  downloadUrl(key: string, fileName: string): Promise<string>;
  /** An address that takes the object once for an hour. */
  uploadUrl(key: string): Promise<string>;
}

/** Which snapshot of an agent's session is the last good one. */
export interface SnapshotStore {
  snapshotOf(townId: string, agentId: string): Promise<SnapshotRecord | undefined>;
  /**
   * Writes the next generation. False: another one is there than the one before it, or one of a later epoch; or there is this very one, which
   * a repeated call has to look at.
   */
  setSnapshot(townId: string, record: SnapshotRecord): Promise<boolean>;
}

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly storedAt: Instant;
}

/** Objects of snapshots. Every method may throw `Unavailable`. */
export interface SnapshotObjects {
  /** In pages of 1000. `isWhole`: there are no more than `maxPages` of them. */
  list(
    prefix: string,
    maxPages: number,
  ): Promise<{ readonly objects: ListedObject[]; readonly isWhole: boolean }>;
  /** Undefined: there is no such object. @throws TooLarge */
  read(key: string, maxBytes: number): Promise<Uint8Array | undefined>;
  write(key: string, content: Uint8Array): Promise<void>;
  /** @param keys 1000 at most */
  remove(keys: readonly string[]): Promise<void>;
  /** An address that takes exactly these bytes for 15 minutes. @param sha256 as hex */
  uploadUrl(key: string, content: { readonly bytes: number; readonly sha256: string }): Promise<string>;
  /** An address that gives the object for 15 minutes. */
  downloadUrl(key: string): Promise<string>;
}

/** What an export reads beside the live town, in pages, and the records of exports. */
export interface ExportStore {
  /** Keeps one that is there. */
  addExport(townId: string, record: ExportRecord): Promise<void>;
  exportOf(townId: string, exportId: string): Promise<ExportRecord | undefined>;
  /** False: the record is gone, since the town was deleted. */
  setExport(townId: string, record: ExportRecord): Promise<boolean>;
  archivedLines(townId: string): AsyncIterable<LineOf<'archived'>>;
  bodyLines(townId: string): AsyncIterable<LineOf<'body'>>;
  historyLines(townId: string): AsyncIterable<LineOf<'history'>>;
  /** Commits from version `from` to `to`, oldest first. */
  logLines(townId: string, from: number, to: number): AsyncIterable<LineOf<'log'>>;
}

/** Imports that are under way, and how one becomes a town. */
export interface ImportStore {
  addImport(ownerId: string, record: ImportRecord): Promise<void>;
  importOf(ownerId: string, importId: string): Promise<ImportRecord | undefined>;
  /** Claims it until `until`; false: it is over, or somebody has an unexpired claim. */
  claimImport(ownerId: string, importId: string, now: Instant, until: Instant): Promise<boolean>;
  /** Writes what became of it; somebody else's claim stays. */
  settleImport(
    ownerId: string,
    importId: string,
    claimedUntil: Instant,
    change: Partial<ImportRecord>,
  ): Promise<void>;
  /** Records of a town that has no head yet; the same again changes nothing. */
  writeLines(townId: string, lines: readonly RecordLine[]): Promise<void>;
  /** Head, settings and its owners' rows in one transaction: from here on there is a town. One that is there stays. */
  openTown(head: Head, config: Town['config']): Promise<void>;
}

/** How a town's records go. Each method may be repeated; false: the time was up before all were gone. */
export interface PurgeStore {
  /** What no rule reads: secrets, bodies, ended records, history, log, quarantine, exports. */
  removeDark(townId: string, isTimeUp: () => boolean): Promise<boolean>;
  /** Live records, all but what a wake-up needs to ask for the rest: head, settings, the outbox row of the deletion. */
  removeLive(townId: string, isTimeUp: () => boolean): Promise<boolean>;
  /** What others keep of the town: its owners' rows, imports that made it. */
  removeRows(head: Head): Promise<void>;
  /** Settings, outbox row and head in one transaction: the town is gone. False: it was written to since. */
  removeHead(head: Head): Promise<boolean>;
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
  run(task: {
    townId: string;
    epoch: number;
    /** What the town's settings say; a size that the platform has and that is not smaller. */
    memoryGiB: number;
  }): Promise<{ taskArn: string }>;
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

/** A task of the fleet, as the platform knows it. */
export interface FleetTask {
  readonly taskArn: string;
  readonly townId: string;
  readonly epoch: number;
  /** Absent: it runs, or will. */
  readonly stopped?: StoppedTask | undefined;
}

/** All towns' containers, whatever the towns think. Errors are the platform's. */
export interface Fleet {
  /**
   * Those that run, then those that stopped of late, a page at a time; not those that no town has started.
   * @param after where the last page ended; one that the platform has forgotten begins anew
   */
  page(after?: string): Promise<{ readonly tasks: readonly FleetTask[]; readonly next: string | undefined }>;
  stop(taskArn: string, reason: string): Promise<void>;
}

/** Tells a container that there is something to sync; best effort. */
export interface ContainerSocket {
  syncNow(townId: string, epoch: number): Promise<void>;
}

/** A repository on a forge, with a token that may read and write its pull requests. */
export interface ForgeRepository {
  readonly gitUrl: string;
  readonly token: string;
}

/** GitHub, or what has pull requests like it. Errors are `ForgeError`s. */
export interface Forge {
  /** Opens a pull request, or finds the open one of the same branches; what an answer that was lost opened is found again. */
  open(
    repository: ForgeRepository,
    pullRequest: {
      readonly branch: string;
      readonly target: string;
      readonly title: string;
      readonly body: string;
    },
  ): Promise<PullRequestSnapshot>;
  /** Many at once, in as few calls as the forge has for that; answers in the same order. */
  observe(
    pullRequests: readonly (ForgeRepository & { readonly number: number })[],
  ): Promise<readonly (PullRequestSnapshot | ForgeError)[]>;
  /**
   * Merges exactly this head. `queued`: the repository merges by a queue of the forge, and it is in there. `refused`: the forge will not, and says why. When it throws the merge may have happened all the same: observe
   * before the next try.
   */
  merge(
    repository: ForgeRepository,
    pullRequest: { readonly number: number; readonly headSha: string },
  ): Promise<
    | { readonly state: 'merged'; readonly mergeSha: string }
    | { readonly state: 'queued' }
    | { readonly state: 'refused'; readonly reason: string }
  >;
}

/** An installation of the GitHub App, as GitHub describes it. */
export interface AppInstallation {
  readonly installationId: number;
  readonly account: Integration['account'];
  readonly selection: Integration['selection'];
  readonly isSuspended: boolean;
}

/** A repository that an integration reaches. */
export interface ReachedRepository {
  /** `owner/name`. */
  readonly fullName: string;
  readonly gitUrl: string;
  readonly defaultBranch: string;
  readonly isPrivate: boolean;
}

/** What only the holder of the GitHub App's private key can ask. Errors are `ForgeError`s; `no_token` where no app is set up. */
export interface GitHubApp {
  /** What an address for installing it is made of. Undefined: this installation of Gastown has no app. */
  about(): Promise<{ readonly slug: string; readonly clientId: string } | undefined>;
  /**
   * A token for one repository, with what pull requests need and nothing more; for an hour at most, and some minutes at least.
   * @throws ForgeError `no_token` when the integration is not the town's, is gone or suspended, or does not cover the repository
   */
  token(wanted: {
    readonly townId: string;
    readonly integrationId: string;
    readonly repository: { readonly owner: string; readonly name: string };
  }): Promise<{ readonly token: string; readonly expiresAt: Instant }>;
  /** Undefined: the app has no such installation. */
  installation(installationId: number): Promise<AppInstallation | undefined>;
  /** All that the installation covers, up to 1000. */
  repositories(installationId: number): Promise<readonly ReachedRepository[]>;
  /**
   * Does the GitHub user that `code` (of the app's OAuth flow) stands for administer all that the installation covers? GitHub shows it to
   * everybody who may read a part of it. A code is good once.
   * @throws ForgeError `refused` for a code that is wrong, used or too old
   */
  administers(wanted: { readonly code: string; readonly installationId: number }): Promise<boolean>;
  /** Has GitHub send again what it could not deliver since. @returns how many deliveries, and since when the next look is to be */
  redeliver(since: Instant): Promise<{ readonly asked: number; readonly lookedAt: Instant }>;
}

/** Claimed installations. All methods throw `Unavailable`. */
export interface IntegrationStore {
  integration(id: string): Promise<Integration | undefined>;
  /** Of a user and of organisations, oldest first; not those that were uninstalled. */
  integrationsOf(ownerId: string, orgIds?: readonly string[]): Promise<Integration[]>;
  /** Makes it, or renews what is known of it. False: somebody else has it. */
  claim(integration: Integration): Promise<boolean>;
  /** What GitHub said became of it; for one that nobody has claimed nothing happens. */
  setState(id: string, state: Integration['state'], at: Instant): Promise<void>;
}

export interface ContainerClaims {
  readonly townId: string;
  readonly epoch: number;
}
export interface AgentClaims extends ContainerClaims {
  readonly agentId: string;
  readonly role: string;
  readonly attempt: number;
  /** The mayor's work is the town. */
  readonly work: { readonly kind: 'bead' | 'mergeRequest' | 'triageRequest' | 'town'; readonly id: string };
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

/** Models that the installation itself has, for towns that have no provider of their own. */
export interface ModelAccess {
  /**
   * @param choice what the settings say for the agent
   * @throws Unavailable with what to set, when there is no such model
   */
  credentials(choice: ModelChoice): Promise<ModelCredentials>;
}

/** One version of a secret; the town's settings name the version that counts. */
export interface SecretVersion {
  /** Path of the setting: `gitAuth.githubToken`. */
  readonly name: string;
  readonly version: string;
}

/** What people entrust to a town. It is kept encrypted, and shown to nobody. All methods throw `Unavailable`. */
export interface Secrets {
  /** Keeps a value; the same version again is the same value. */
  put(townId: string, secret: SecretVersion & { readonly value: string }, at: Instant): Promise<void>;
  /** All versions of the town with what may be shown of them; nothing is decrypted. */
  list(
    townId: string,
  ): Promise<readonly (SecretVersion & { readonly mask: string; readonly createdAt: Instant })[]>;
  /** The values of those that are there, by name. */
  reveal(townId: string, wanted: readonly SecretVersion[]): Promise<ReadonlyMap<string, string>>;
  remove(townId: string, versions: readonly SecretVersion[]): Promise<void>;
}

/** Structured log lines and counters. Fields are an allow-list by type: no free objects, no secrets. */
export interface Telemetry {
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: LogFields): void;
  count(metric: string, value: number): void;
}
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
