import { triageAction, type TriageAction } from '../town/triage-request.ts';

/** What each decision does, for who decides. */
export const TRIAGE_ACTIONS: Readonly<Record<TriageAction, string>> = {
  nudge: 'the agent is told your reason at once, as guidance, and goes on',
  restart:
    'its session ends and its work goes on in a new one at once, which is an attempt; it keeps its checkpoint',
  restart_with_backoff: 'the same after a pause: for what may heal by itself, like a service that is down',
  reassign_bead:
    'its session ends and the work starts in another one that knows nothing of what this one kept',
  close_bead: 'its bead fails for good, with your reason: only when the bead cannot be done as it is',
  escalate_to_mayor: 'the mayor is told, who can change beads and ask people',
  escalate: 'people are told, and decide',
  discard: 'nothing is done: it goes on as it is',
};

const NEEDS_BEAD: ReadonlySet<TriageAction> = new Set(['reassign_bead', 'close_bead']);

/** The decisions that are open for a request; nothing else is accepted (hazard H-19). */
export const triageActionsFor = ({ hasBead }: { readonly hasBead: boolean }): readonly TriageAction[] =>
  triageAction.options.filter((action) => hasBead || !NEEDS_BEAD.has(action));
