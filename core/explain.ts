import { createIds } from './ids.ts';
import { reconcile, type Outcome } from './reconcile.ts';
import type { Instant } from './town/instant.ts';
import type { Town } from './town/town.ts';
import type { Subject, Wait } from './wait.ts';

/** A wait with the title of what waits. */
export interface Explanation extends Wait {
  readonly subject: Subject & { readonly title: string };
}

/**
 * Why is this not moving? One row for every live bead, convoy and merge request, and for the container and effects where
 * they hold something up: the rules themselves answer, by a step that is not committed.
 */
export function explain(read: Town, now: Instant): Explanation[] {
  const town = withoutUnheard(read, now);
  const outcome = reconcile(town, [], now, createIds('explain', now));
  const waits = [...outcome.waits, ...moving(town, now, outcome), ...halted(town, outcome)];
  const rows = waits.map((wait) => ({
    ...wait,
    subject: { ...wait.subject, title: titleOf(town, wait.subject) },
  }));
  const { failure, suspendedRules = [], lifecycle } = town.head;
  const subject = { kind: 'town', id: town.head.id, title: town.head.name } as const;
  if (failure !== undefined) {
    const reason = `the last ${failure.count} reconciles failed: ${failure.error}`;
    const state = 'needs_attention';
    const common = { since: failure.since, until: town.head.dueAt, who: 'platform' } as const;
    rows.push({ subject, state, waitingOn: 'the next try', rule: 'reconcile', reason, ...common });
  }
  for (const { rule, since, violation } of suspendedRules) {
    const reason = `the rule ${rule} is suspended: it would have broken an invariant (${violation}). Once that is repaired: gastown rules resume ${rule}; another version of this code tries it by itself`;
    rows.push({
      subject,
      state: 'needs_attention',
      waitingOn: 'a person',
      rule,
      reason,
      since,
      who: 'human',
    });
  }
  for (const { kind, id, error } of town.unreadable ?? []) {
    if (kind !== 'effect') continue;
    const effect = { kind: 'effect', id, title: id } as const;
    const attention = { state: 'needs_attention', waitingOn: 'newer code', who: 'human' } as const;
    const reason = `this version does not understand the effect (${error}): install the version that asked for it`;
    rows.push({ subject: effect, ...attention, rule: 'outbox/retry', reason, since: town.head.updatedAt });
  }
  if (lifecycle !== 'active') {
    const reason = lifecycleText(town.head);
    const { lifecycleSince: since = town.head.updatedAt } = town.head;
    rows.push({
      subject,
      state: 'waiting',
      waitingOn: lifecycle === 'paused' ? 'resume' : 'its deletion',
      rule: 'lifecycle',
      reason,
      since,
      who: lifecycle === 'paused' ? 'human' : 'town',
    });
  }
  return rows;
}

/**
 * A statement that the town was not woken for is one whose writer heard of an error: it moves nothing before somebody says it
 * again, or something else wakes the town, and what it would do is no answer.
 */
function withoutUnheard(town: Town, now: Instant): Town {
  const { dueAt } = town.head;
  return town.inbox.length === 0 || (dueAt !== undefined && dueAt <= now) ? town : { ...town, inbox: [] };
}

const lifecycleText = ({ lifecycle }: Town['head']): string =>
  lifecycle === 'paused'
    ? 'the town is paused: nothing is dispatched or merged before somebody resumes it'
    : 'the town is being deleted';

/** In a town that is not active, what no rule speaks of waits for that. */
function halted({ head, live }: Town, { waits }: Outcome): Wait[] {
  if (head.lifecycle === 'active') return [];
  const explained = new Set(waits.map(({ subject }) => keyOf(subject)));
  const { lifecycleSince: since = head.updatedAt } = head;
  const wait = { state: 'waiting', rule: 'lifecycle', reason: lifecycleText(head), since } as const;
  const [waitingOn, who] =
    head.lifecycle === 'paused' ? (['resume', 'human'] as const) : (['deletion', 'town'] as const);
  return EXPLAINED.flatMap((kind) =>
    [...live[kind].keys()].flatMap((id): Wait[] => {
      const subject = { kind, id };
      return explained.has(keyOf(subject)) ? [] : [{ ...wait, subject, waitingOn, who }];
    }),
  );
}

const keyOf = ({ kind, id }: Subject): string => `${kind} ${id}`;

const EXPLAINED = ['bead', 'convoy', 'mergeRequest'] as const;

/** What no rule waits for: the next step ends it, had no room left for it, or lacks the rule that would move it. */
function moving(town: Town, now: Instant, { waits, decisions, dueAt, suspendedRules = [] }: Outcome): Wait[] {
  if (town.head.lifecycle !== 'active') return [];
  const explained = new Set(waits.map(({ subject }) => keyOf(subject)));
  return EXPLAINED.flatMap((kind) =>
    [...town.live[kind].values()].flatMap(({ id, updatedAt: since }): Wait[] => {
      const subject = { kind, id };
      if (explained.has(keyOf(subject))) return [];
      const next = { subject, state: 'progressing', waitingOn: 'the next step', since, who: 'town' } as const;
      const decision = decisions.findLast((made) => keyOf(made.subject) === keyOf(subject));
      if (decision !== undefined) return [{ ...next, rule: decision.rule, reason: decision.reason }];
      if (dueAt === now) {
        const reason = 'there is more to decide than fits in one step; the next one follows at once';
        return [{ ...next, rule: 'reconcile', reason }];
      }
      const [suspended] = suspendedRules;
      if (suspended === undefined) return [];
      const reason = `the rule ${suspended.rule} is suspended (${suspended.violation})`;
      const wait = { state: 'needs_attention', waitingOn: 'a person', who: 'human' } as const;
      return [{ ...next, ...wait, rule: suspended.rule, reason }];
    }),
  );
}

function titleOf(town: Town, { kind, id }: Subject): string {
  switch (kind) {
    case 'bead':
      return town.live.bead.get(id)?.title ?? id;
    case 'convoy':
      return town.live.convoy.get(id)?.title ?? id;
    case 'mergeRequest':
      return town.live.mergeRequest.get(id)?.title ?? id;
    case 'agent':
      return town.live.agent.get(id)?.name ?? id;
    case 'rig':
      return town.live.rig.get(id)?.name ?? id;
    case 'escalation':
      return town.live.escalation.get(id)?.title ?? id;
    case 'triageRequest':
      return town.live.triageRequest.get(id)?.title ?? id;
    case 'container':
      return `container, epoch ${id}`;
    case 'effect':
      return id;
    case 'town':
      return town.head.name;
  }
}
