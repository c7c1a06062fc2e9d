import { NewerSchema, TownError, VersionConflict } from '../../core/errors.ts';
import type { MessageFact } from '../../core/facts/message.ts';
import { createIds } from '../../core/ids.ts';
import type { EffectQueue, Now, ReconcilerStore, Telemetry, TownQueue } from '../../core/ports.ts';
import { reconcile, type Outcome } from '../../core/reconcile.ts';
import { domainEventsOf } from '../../core/telemetry/domain-events.ts';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import type { EffectMessage } from '../../core/effects.ts';

export interface ReconcilerDeps {
  readonly store: ReconcilerStore;
  readonly effects: EffectQueue;
  readonly towns: TownQueue;
  readonly telemetry: Telemetry;
  readonly now: Now;
  /** At least 128 random bits as text; the seed of a step's ids. */
  readonly seed: () => string;
  /** What decides. @default this release's core */
  readonly decide?: typeof reconcile;
}

/** Lost races before the town goes to the end of its queue (design section 5, step 6). */
const MAX_RACES = 3;
/** Steps of one wake-up: a full step is followed by another at once. */
const MAX_STEPS = 20;

/** What became of a town's messages: `done`, or `failed` (redeliver them). */
export type TownResult = { state: 'done' } | { state: 'failed'; error: unknown };

/** Design section 5 for one town: read, apply, decide, commit, send; again while a step was full. */
export async function reconcileTown(
  deps: ReconcilerDeps,
  townId: string,
  facts: readonly MessageFact[],
): Promise<TownResult> {
  let pending = facts;
  let races = 0;
  for (let step = 0; step < MAX_STEPS;) {
    try {
      const outcome = await oneStep(deps, townId, pending);
      if (outcome === undefined) return { state: 'done' };
      step += 1;
      pending = outcome.leftOver;
      if (pending.length === 0 && (outcome.dueAt === undefined || outcome.dueAt > deps.now())) {
        return { state: 'done' };
      }
    } catch (error) {
      if (error instanceof VersionConflict && races < MAX_RACES) {
        races += 1;
        continue;
      }
      if (!(error instanceof VersionConflict)) return await failed(deps, townId, error);
      deps.telemetry.count('reconcile.races_lost', 1);
      await requeue(deps, townId, pending);
      return { state: 'done' };
    }
  }
  await requeue(deps, townId, pending);
  return { state: 'done' };
}

/** One step. Undefined: there was nothing to do. */
async function oneStep(
  { store, effects, telemetry, now, seed, decide = reconcile }: ReconcilerDeps,
  townId: string,
  facts: readonly MessageFact[],
): Promise<Outcome | undefined> {
  const head = await store.head(townId);
  if (head === undefined) {
    telemetry.log('warn', 'message for a town that does not exist', { townId });
    return undefined;
  }
  const at = now();
  // After a failure the due time is backed off, but who was woken meanwhile tries at once.
  const isDue = (head.dueAt !== undefined && head.dueAt <= at) || head.failure !== undefined;
  if (facts.length === 0 && !isDue) {
    telemetry.count('reconcile.empty', 1);
    return undefined;
  }
  const town = await store.load(head);
  const outcome = decide(town, facts, at, createIds(seed(), at));
  await store.commit(town, outcome, at);
  report(telemetry, townId, head.version + 1, outcome);
  for (const { name, ...fields } of domainEventsOf(outcome.changes, at)) {
    telemetry.count(name, 1);
    telemetry.log('info', name, { townId, ...fields });
  }
  const messages: EffectMessage[] = outcome.send.map(({ key, attempt }) => ({
    type: 'effect',
    v: MESSAGE_VERSION,
    townId,
    key,
    attempt,
  }));
  if (outcome.isPoke) {
    const { epoch } = outcome.container ?? town.container;
    messages.push({ type: 'poke', v: MESSAGE_VERSION, townId, epoch });
  }
  if (head.watchedUntil !== undefined && head.watchedUntil > at && outcome.decisions.length > 0) {
    const version = head.version + 1;
    messages.push({ type: 'changed', v: MESSAGE_VERSION, townId, version, subjects: subjectsOf(outcome) });
  }
  // A crash here loses nothing: the rows are committed, and the rule outbox/retry asks again.
  if (messages.length > 0) await effects.send(messages);
  return outcome;
}

/** A frame to a browser has at most 32 KB; who is told of so many reads everything again anyway. */
const MAX_SUBJECTS = 200;

const subjectsOf = ({ decisions }: Outcome): { kind: string; id: string }[] =>
  [...new Map(decisions.map(({ subject: { kind, id } }) => [`${kind} ${id}`, { kind, id }])).values()].slice(
    0,
    MAX_SUBJECTS,
  );

/** Goes on later in the town's own order; its due time is a second way to come back. */
async function requeue(deps: ReconcilerDeps, townId: string, facts: readonly MessageFact[]): Promise<void> {
  if (facts.length === 0) await deps.towns.send({ v: MESSAGE_VERSION, townId });
  for (const fact of facts) await deps.towns.send({ v: MESSAGE_VERSION, townId, fact });
}

async function failed(deps: ReconcilerDeps, townId: string, error: unknown): Promise<TownResult> {
  const { store, telemetry, now } = deps;
  const message = error instanceof TownError ? error.userMessage : String(error);
  telemetry.log('error', 'reconcile failed', { townId, error: message });
  telemetry.count('reconcile.errors', 1);
  if (error instanceof NewerSchema) return { state: 'failed', error };
  try {
    const before = (await store.head(townId))?.failure;
    const count = (before?.count ?? 0) + 1;
    const since = before?.since ?? now();
    const delayMs = Math.min(1000 * 5 ** Math.min(count, 5), 600_000);
    await store.recordFailure(townId, { since, count, error: message.slice(0, 500) }, now() + delayMs);
  } catch (inner) {
    telemetry.log('error', 'a failure could not be written down', { townId, error: String(inner) });
  }
  return { state: 'failed', error };
}

function report(telemetry: Telemetry, townId: string, version: number, outcome: Outcome): void {
  const { facts, decisions, violations } = outcome;
  telemetry.count('reconcile.steps', 1);
  telemetry.count('reconcile.facts_applied', facts.applied.length);
  telemetry.count('reconcile.facts_stale', facts.stale.length);
  telemetry.count('reconcile.facts_quarantined', facts.quarantined.length);
  telemetry.count('reconcile.violations', violations.length);
  for (const { rule, subject, from, to, reason, id } of decisions) {
    telemetry.count(`decision.${rule}`, 1);
    telemetry.log('info', 'decision', {
      townId,
      version,
      decisionId: id,
      rule,
      kind: subject.kind,
      id: subject.id,
      from,
      to,
      reason,
    });
  }
  for (const { invariant, detail } of violations)
    telemetry.log('error', 'invariant', { townId, invariant, detail });
  for (const { id, error } of facts.quarantined)
    telemetry.log('error', 'fact quarantined', { townId, id, error });
}
