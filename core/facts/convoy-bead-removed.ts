import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/**
 * A convoy goes on without one of its beads: one that failed, or that nobody has begun. What was merged or is being worked on
 * is part of its branch.
 */
export const applyConvoyBeadRemoved: ApplyFact<StatementOf<InboxStatement, 'convoy_bead_removed'>> = (
  step,
  fact,
) => {
  const { draft, now } = step;
  const convoy = draft.get('convoy', fact.convoyId);
  const edge = convoy?.beads.find(({ id }) => id === fact.beadId);
  if (convoy === undefined || convoy.closing !== undefined) return 'stale';
  if (edge === undefined || edge.outcome === 'closed') return 'stale';
  const bead = draft.get('bead', fact.beadId);
  if (bead !== undefined && (bead.status !== 'open' || bead.branch !== undefined)) return 'stale';
  if (bead !== undefined) draft.put('bead', { ...bead, convoyId: undefined });
  const beads = convoy.beads.filter(({ id }) => id !== fact.beadId);
  const isHealed =
    convoy.attention?.code === 'failed_beads' && beads.every(({ outcome }) => outcome !== 'failed');
  const reason = `bead ${fact.beadId} removed by ${fact.by}`;
  const subject = { kind: 'convoy', id: convoy.id } as const;
  step.decide({ subject, ...(isHealed ? { from: convoy.state, to: 'active' } : {}), reason });
  const healed = { state: 'active' as const, stateSince: now, attention: undefined };
  draft.put('convoy', { ...convoy, beads, ...(isHealed ? healed : {}) });
  return 'applied';
};
