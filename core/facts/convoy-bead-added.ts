import type { Draft } from '../draft.ts';
import { MAX_DEPENDENTS, type Edge } from '../town/bead.ts';
import { cycleThrough } from '../town/dependencies.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A bead that nobody has begun joins a convoy that has not landed. */
export const applyConvoyBeadAdded: ApplyFact<StatementOf<InboxStatement, 'convoy_bead_added'>> = (
  step,
  fact,
) => {
  const { draft } = step;
  const convoy = draft.get('convoy', fact.convoyId);
  const bead = draft.get('bead', fact.beadId);
  if (convoy === undefined || bead === undefined || convoy.closing !== undefined) return 'stale';
  const isFree = bead.status === 'open' && bead.branch === undefined && bead.convoyId === undefined;
  if (!isFree || bead.rigId !== convoy.rigId || convoy.state === 'landing') return 'stale';
  const known = new Set(bead.dependsOn.map(({ id }) => id));
  const added = [...new Set(fact.dependsOn)].filter(
    (id) => !known.has(id) && convoy.beads.some((edge) => edge.id === id),
  );
  if (added.some((id) => dependentsOf(draft, id) >= MAX_DEPENDENTS)) return 'stale';
  const dependsOn = [
    ...bead.dependsOn,
    ...added.map((id): Edge => {
      const outcome = convoy.beads.find((edge) => edge.id === id)?.outcome ?? 'open';
      return { id, outcome };
    }),
  ];
  const ids = dependsOn.map(({ id }) => id);
  const before = (id: string): string[] => draft.get('bead', id)?.dependsOn.map((edge) => edge.id) ?? [];
  if (cycleThrough(bead.id, ids, before) !== undefined) return 'stale';
  const reason = `bead ${bead.id} added by ${fact.by}`;
  step.decide({ subject: { kind: 'convoy', id: convoy.id }, reason });
  draft.put('bead', { ...bead, convoyId: convoy.id, dependsOn });
  draft.put('convoy', { ...convoy, beads: [...convoy.beads, { id: bead.id, outcome: 'open' }] });
  return 'applied';
};

const dependentsOf = (draft: Draft, id: string): number =>
  draft.all('bead').filter(({ dependsOn }) => dependsOn.some((edge) => edge.id === id)).length;
