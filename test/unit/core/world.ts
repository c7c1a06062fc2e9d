import assert from 'node:assert/strict';
import { explain } from '../../../core/explain.ts';
import type { InboxStatement } from '../../../core/facts/inbox.ts';
import type { MessageFact } from '../../../core/facts/message.ts';
import { createIds } from '../../../core/ids.ts';
import type { JobResult, JobSpec } from '../../../core/protocol/job.ts';
import { reconcile, type Outcome } from '../../../core/reconcile.ts';
import type { Head } from '../../../core/town/head.ts';
import type { HistoryEntry } from '../../../core/town/history.ts';
import type { Container, DesiredAgent, Observed } from '../../../core/town/container.ts';
import { minutes, seconds } from '../../../core/town/instant.ts';
import type { Town } from '../../../core/town/town.ts';
import { commit, itemsOf, type Archived } from './commit.ts';
import { deepFreeze } from './deep-freeze.ts';
import { type Ending, ModelContainer } from './model-container.ts';
import { ModelRemote } from './model-remote.ts';
import { T0 } from './town-builder.ts';

/** How agents, jobs and queues behave in a story; what is not said goes well. */
export interface Script {
  /** @param nth sessions and told-again turns of this work item so far, from 1. */
  readonly agent?: (agent: DesiredAgent, nth: number) => Ending | undefined;
  /** @param nth runs of this kind of job for this work item so far, from 1. */
  readonly job?: (job: JobSpec, nth: number, remote: ModelRemote) => JobResult | undefined;
  /** When the copies of a message arrive, in milliseconds from now; none: it is lost. @default one, at once */
  readonly copies?: () => readonly number[];
  /** Time between two runs of the sweeper. @default 1 s */
  readonly sweepEveryMs?: number;
}

const MAX_STEPS = 800;
/** Events in the world, steps among them. */
const MAX_MOMENTS = 10_000;
/** DynamoDB takes 100 items in a transaction; head and log are two. */
const MAX_ITEMS = 98;

/** What the agent works on; the mayor works on no item. */
function workItemId({ agentId, work }: DesiredAgent): string {
  if (work.kind === 'chat') return agentId;
  if (work.kind === 'triage') return work.requestId;
  return work.kind === 'bead' ? work.beadId : work.mergeRequestId;
}

/**
 * A town with all that surrounds it, in virtual time: a store, queues, a worker, a platform for tasks and a container.
 * After each step it is checked that nothing is asked or ended twice, and that everything unmoving has a row in `why`.
 */
export class World {
  town: Town;
  now = T0;
  steps = 0;
  readonly remote = new ModelRemote();
  archive: readonly Archived[] = [];
  readonly history: HistoryEntry[] = [];
  readonly decisions: Outcome['decisions'][number][] = [];
  readonly effectKeys: string[] = [];
  container: ModelContainer | undefined;
  /** When its records went: nothing happens to it any more. */
  purgedAt: number | undefined;
  readonly #script: Script;
  readonly #events: { at: number; order: number; act: () => void }[] = [];
  readonly #watchers: { when: (world: World) => boolean; act: (world: World) => void }[] = [];
  readonly #counts = new Map<string, number>();
  #eventCount = 0;
  #inboxCount = 0;

  constructor(town: Town, script: Script = {}) {
    this.town = town;
    this.#script = script;
    this.#bump();
    this.wake();
  }

  /** Does something, once, as soon as a committed town is so. */
  once(when: (world: World) => boolean, act: (world: World) => void): this {
    this.#watchers.push({ when, act });
    return this;
  }

  /** Goes on until nothing is due and nothing is under way. @throws when that takes too many steps */
  run(): this {
    for (let moments = 0; moments < MAX_MOMENTS; moments += 1) {
      const { dueAt } = this.town.head;
      const { sweepEveryMs = seconds(1) } = this.#script;
      const next = this.#events.toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
      const sweptAt =
        dueAt === undefined ? undefined : Math.ceil(Math.max(dueAt, this.now) / sweepEveryMs) * sweepEveryMs;
      if (next === undefined && sweptAt === undefined) return this;
      if (next !== undefined && (sweptAt === undefined || next.at <= sweptAt)) {
        this.#events.splice(this.#events.indexOf(next), 1);
        this.now = Math.max(this.now, next.at);
        next.act();
      } else {
        this.now = sweptAt ?? this.now;
        this.step([]);
      }
    }
    throw new Error(`not quiet after ${MAX_MOMENTS} moments`);
  }

  /** A person or an agent's tool states something: stored, then the head is bumped, then a message is sent. */
  say(statement: InboxStatement): void {
    this.#inboxCount += 1;
    const item = { id: `inbox-${String(this.#inboxCount).padStart(6, '0')}`, at: this.now, statement };
    this.town = { ...this.town, inbox: [...this.town.inbox, item] };
    this.#bump();
    this.wake();
  }

  /** As the API does it: the head itself is changed, and bumped. */
  setLifecycle(lifecycle: Head['lifecycle']): void {
    const head = { ...this.town.head, lifecycle, lifecycleSince: this.now, lifecycleBy: 'ann' };
    this.town = { ...this.town, head };
    this.#bump();
    this.wake();
  }

  wake(): void {
    this.#deliver(() => this.step([]));
  }

  send(fact: MessageFact): void {
    this.#deliver(() => this.step([fact]));
  }

  /** The task ends without being asked to. */
  killContainer({ isSaid }: { isSaid: boolean }): void {
    const { epoch } = this.town.container;
    this.container?.kill();
    this.container = undefined;
    if (isSaid) this.send({ type: 'task_stopped', epoch, reason: 'Spot interruption' });
  }

  step(facts: readonly MessageFact[]): void {
    if (this.purgedAt !== undefined) return;
    this.steps += 1;
    if (this.steps > MAX_STEPS) throw new Error(`not quiet after ${MAX_STEPS} steps`);
    const { town, now } = this;
    assert.deepEqual(unexplained(town, now), []);
    const outcome = reconcile(deepFreeze(town), deepFreeze(facts), now, createIds(`seed ${this.steps}`, now));
    assert.deepEqual(outcome.violations, []);
    assert.deepEqual(outcome.facts.quarantined, []);
    assert.ok(itemsOf(outcome) <= MAX_ITEMS, `${itemsOf(outcome)} items in one transaction`);
    for (const { key } of outcome.outbox.put) if (!town.outbox.has(key)) this.effectKeys.push(key);
    const committed = commit(town, outcome, now);
    this.town = committed.town;
    const restored = new Set(
      outcome.changes.flatMap((change) => (change.op === 'restore' ? [change.record.id] : [])),
    );
    this.archive = [...this.archive.filter(({ record }) => !restored.has(record.id)), ...committed.archived];
    this.history.push(...outcome.history);
    this.decisions.push(...outcome.decisions);
    assert.deepEqual(unexplained(this.town, now), []);
    if (outcome.leftOver.length > 0) this.#at(0, () => this.step(outcome.leftOver));
    for (const { key, attempt } of outcome.send) this.#deliver(() => this.#work(key, attempt));
    if (outcome.isPoke) this.#deliver(() => this.container?.poke());
    for (const watcher of this.#watchers.filter(({ when }) => when(this))) {
      this.#watchers.splice(this.#watchers.indexOf(watcher), 1);
      watcher.act(this);
    }
  }

  after(ms: number, act: () => void): void {
    this.#at(ms, act);
  }

  #at(afterMs: number, act: () => void): void {
    this.#eventCount += 1;
    this.#events.push({ at: this.now + afterMs, order: this.#eventCount, act });
  }

  #deliver(act: () => void): void {
    for (const afterMs of this.#script.copies?.() ?? [0]) this.#at(afterMs, act);
  }

  #bump(): void {
    const { head } = this.town;
    this.town = { ...this.town, head: { ...head, version: head.version + 1, dueAt: this.now } };
  }

  /** The worker: no row, no act; the platform knows one task an epoch, whoever asks how often. */
  #work(key: string, attempt: number): void {
    const row = this.town.outbox.get(key);
    if (row === undefined || row.attempt !== attempt) return;
    const { effect } = row;
    if (effect.type === 'run_task') {
      const isNew = this.#count(`task ${effect.epoch}`) === 1;
      if (isNew) this.container = new ModelContainer(effect.epoch, this.#surroundings(effect.epoch));
      const result = { ok: true, taskArn: `task-${effect.epoch}` } as const;
      return this.#at(seconds(1), () => this.send({ type: 'effect_result', key, attempt, result }));
    }
    if (effect.type === 'export_town') {
      const result = { ok: true } as const;
      return this.#at(seconds(20), () => this.send({ type: 'effect_result', key, attempt, result }));
    }
    if (effect.type === 'purge_town') return this.#purge();
    assert.equal(effect.type, 'stop_task', 'this world has no forge');
    if (this.container !== undefined) {
      this.container.kill();
      this.container = undefined;
      this.#at(seconds(3), () =>
        this.send({ type: 'task_stopped', epoch: effect.epoch, reason: effect.reason }),
      );
    }
    this.#at(seconds(2), () => this.send({ type: 'effect_result', key, attempt, result: { ok: true } }));
  }

  #purge(): void {
    assert.equal(this.container, undefined, 'the records go while a container runs');
    this.purgedAt = this.now;
    const { town } = this;
    this.town = { ...town, head: { ...town.head, dueAt: undefined }, outbox: new Map(), inbox: [] };
  }

  #count(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }

  #surroundings(epoch: number) {
    return {
      now: () => this.now,
      after: (ms: number, act: () => void) => this.#at(ms, act),
      say: (statement: InboxStatement) => this.say(statement),
      push: (branch: string) => void this.remote.push(branch),
      sync: (report: Observed) => this.#sync(report),
      exited: () => {
        this.container = undefined;
        this.send({ type: 'task_stopped', epoch, reason: 'it exited', exitCode: 0 });
      },
      endingOf: (agent: DesiredAgent) => {
        const { work } = agent;
        const id = workItemId(agent);
        const well = work.kind === 'bead' ? 'done' : work.kind === 'triage' ? 'discard' : 'approve';
        return this.#script.agent?.(agent, this.#count(`agent ${id}`)) ?? well;
      },
      runJob: (job: JobSpec, candidates: Set<string>) => {
        const of = job.kind === 'verify' ? job.branch : job.mergeRequestId;
        const told = this.#script.job?.(job, this.#count(`${job.kind} ${of}`), this.remote);
        return told ?? this.remote.run(job, candidates);
      },
    };
  }

  /** As the container lambda does it: the report is stored; the town is woken only by what it does not know yet. */
  #sync(report: Observed): Container | undefined {
    const { container } = this.town;
    if (this.purgedAt !== undefined) return undefined;
    if (report.epoch !== container.epoch || container.state === 'lost' || container.state === 'absent')
      return undefined;
    const before = this.town.observed;
    this.town = { ...this.town, observed: report };
    const isNews =
      container.state === 'starting' ||
      report.phase !== before?.phase ||
      JSON.stringify([report.agents, report.jobs]) !== JSON.stringify([before.agents, before.jobs]);
    if (isNews) {
      this.#bump();
      this.send({ type: 'container_synced', epoch: report.epoch, sequence: report.sequence });
    }
    return this.town.container;
  }
}

/** Every live bead, convoy and merge request has a row in `why`. */
export function unexplained(town: Town, now: number): string[] {
  const explained = new Set(explain(town, now).map(({ subject }) => `${subject.kind} ${subject.id}`));
  return (['bead', 'convoy', 'mergeRequest'] as const).flatMap((kind) =>
    [...town.live[kind].keys()].map((id) => `${kind} ${id}`).filter((key) => !explained.has(key)),
  );
}

/**
 * The story is over: nothing is due, asked for or running, looking again decides nothing, and nothing was asked for, ended
 * or merged twice.
 */
export function assertQuiet(world: World): void {
  const { town } = world;
  const { head, inbox, container } = town;
  const state = { dueAt: head.dueAt, inbox, outbox: [...town.outbox.keys()], container: container.state };
  assert.deepEqual(state, { dueAt: undefined, inbox: [], outbox: [], container: 'absent' });
  assert.equal(world.container, undefined);
  for (let again = 1; again <= 10; again += 1) {
    const now = world.now + minutes(again * 60);
    const outcome = reconcile(town, [], now, createIds('again', now));
    const { decisions, changes, send, outbox, dueAt } = outcome;
    assert.deepEqual({ decisions, changes, send, outbox }, NOTHING);
    assert.deepEqual([outcome.container, dueAt], [undefined, undefined]);
  }
  assertDistinct(world.archive.map(({ kind, record }) => `${kind} ${record.id}`));
  assertDistinct(world.effectKeys);
  assertDistinct(world.remote.merges.map(({ target, headSha }) => `${target} ${headSha}`));
}

const NOTHING = { decisions: [], changes: [], send: [], outbox: { put: [], delete: [] } };
const assertDistinct = (keys: readonly string[]): void => assert.deepEqual(keys, [...new Set(keys)]);

/** How the story ended, without times, counts and made-up ids. */
export function ending(world: World) {
  return world.archive
    .flatMap(({ kind, record }) => {
      if (kind === 'bead') return [`bead ${record.id} ${record.status}`];
      return kind === 'convoy' ? [`convoy ${record.id} ${record.state}`] : [];
    })
    .concat([...world.town.live.convoy.values()].map(({ id, state }) => `convoy ${id} ${state}`))
    .concat([...world.town.live.bead.values()].map(({ id, status }) => `bead ${id} ${status}`))
    .sort();
}
