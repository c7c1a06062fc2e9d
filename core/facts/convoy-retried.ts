import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person or the mayor has dealt with what a convoy needed attention for: it tries again, with a fresh count of landings. */
export const applyConvoyRetried: ApplyFact<StatementOf<InboxStatement, 'convoy_retried'>> = (step, fact) => {
  const { draft, now } = step;
  const convoy = draft.get('convoy', fact.convoyId);
  if (convoy === undefined || convoy.closing !== undefined) return 'stale';
  const needsIt = convoy.state === 'needs_attention';
  const hasFailed = convoy.landingAttempts > 0 || convoy.attention !== undefined;
  if (!needsIt && !hasFailed) return 'stale';
  const reason = `tried again, asked by ${fact.by}`;
  const subject = { kind: 'convoy', id: convoy.id } as const;
  step.decide({ subject, from: convoy.state, to: needsIt ? 'active' : convoy.state, reason });
  draft.put('convoy', {
    ...convoy,
    ...(needsIt ? { state: 'active' as const, stateSince: now } : {}),
    attention: undefined,
    landingAttempts: 0,
    lastLandingFailedAt: undefined,
  });
  return 'applied';
};
