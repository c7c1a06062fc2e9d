import { endMergeRequest } from '../acts/merge-requests.ts';
import { mergeRequestOf } from '../acts/merging.ts';
import type { Step } from '../step.ts';
import type { Bead, Edge } from '../town/bead.ts';
import { cycleThrough } from '../town/dependencies.ts';
import type { Convoy } from '../town/convoy.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { InboxStatement } from './inbox.ts';

/** A person or the mayor asks for an ended bead anew: it is live again, on its old branch, with a fresh count of attempts. */
export const applyBeadReopened: ApplyFact<StatementOf<InboxStatement, 'bead_reopened'>> = (step, fact) => {
  const { draft, now } = step;
  const { bead, by } = fact;
  const rig = draft.get('rig', bead.rigId);
  if (draft.get('bead', bead.id) !== undefined || rig === undefined || rig.removing !== undefined)
    return 'stale';
  const convoy = convoyOf(step, bead);
  const landing = convoy === undefined ? undefined : mergeRequestOf(draft, 'convoy', convoy.id);
  if (landing?.stage === 'merging' || convoy?.closing !== undefined) return 'stale';
  const circular = bead.dependsOn.filter((edge) => waitsFor(step, edge.id, bead.id)).map(({ id }) => id);
  const dropped =
    circular.length === 0 ? '' : `; it waits no longer for ${circular.join(', ')}, which waits for it`;
  const reason = `asked for anew by ${by}${dropped}`;
  step.decide({ subject: { kind: 'bead', id: bead.id }, from: bead.status, to: 'open', reason });
  draft.restore('bead', bead, {
    ...bead,
    status: 'open',
    statusSince: now,
    closedAt: undefined,
    failure: undefined,
    isHeld: false,
    attemptBase: bead.attempt,
    outages: undefined,
    cooldownFrom: undefined,
    doneRefusals: 0,
    done: undefined,
    assigneeAgentId: undefined,
    convoyId: convoy?.id,
    dependsOn: bead.dependsOn.filter(({ id }) => !circular.includes(id)).map((edge) => edgeNow(step, edge)),
  });
  reopenEdges(step, bead);
  if (convoy === undefined) return 'applied';
  if (landing !== undefined) {
    const failure = { code: 'bead_reopened', message: `bead ${bead.id} was reopened` };
    endMergeRequest(step, landing, { stage: 'failed', failure, reason: failure.message });
  }
  const state = convoy.state === 'staged' ? 'staged' : 'active';
  if (state !== convoy.state) {
    step.decide({ subject: { kind: 'convoy', id: convoy.id }, from: convoy.state, to: state, reason });
  }
  draft.put('convoy', {
    ...convoy,
    state,
    stateSince: state === convoy.state ? convoy.stateSince : now,
    attention: undefined,
    landingMergeRequestId: undefined,
    // What will land is not what failed to land.
    landingAttempts: 0,
    lastLandingFailedAt: undefined,
    beads: openEdge(convoy.beads, bead.id),
  });
  return 'applied';
};

/** The live convoy that still counts it among its beads: one may have gone on without it since. */
const convoyOf = ({ draft }: Step, bead: Bead): Convoy | undefined =>
  draft.all('convoy').find(({ beads }) => beads.some(({ id }) => id === bead.id));

/** While a bead has ended, others may be made to wait for it that it waited for itself. */
const waitsFor = ({ draft }: Step, id: string, other: string): boolean =>
  cycleThrough(other, [id], (next) => draft.get('bead', next)?.dependsOn.map((edge) => edge.id) ?? []) !==
  undefined;

/** An edge to a live bead is open; one that claims so of a bead that has ended meanwhile counts as failed, which people see. */
function edgeNow({ draft }: Step, edge: Edge): Edge {
  if (draft.get('bead', edge.id) !== undefined) return { ...edge, outcome: 'open' };
  return edge.outcome === 'open' ? { ...edge, outcome: 'failed' } : edge;
}

const openEdge = (edges: readonly Edge[], id: string): Edge[] =>
  edges.map((edge) => (edge.id === id ? { ...edge, outcome: 'open' as const } : edge));

function reopenEdges({ draft }: Step, bead: Bead): void {
  for (const other of draft.all('bead')) {
    if (!other.dependsOn.some((edge) => edge.id === bead.id)) continue;
    draft.put('bead', { ...other, dependsOn: openEdge(other.dependsOn, bead.id) });
  }
}
