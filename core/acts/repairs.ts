import type { Step } from '../step.ts';
import type { Convoy } from '../town/convoy.ts';
import type { MergeRequest } from '../town/merge-request.ts';
import { noUsage } from '../town/usage.ts';
import { asFeedback } from './beads.ts';
import { newPullRequest } from './pull-requests.ts';

/** Source: the HTTP contract. */
const MAX_TITLE_CHARS = 200;

/** Items that a repair writes: the bead, its merge request, its convoy. */
export const REPAIR_COST = 3;

interface Repair {
  readonly title: string;
  readonly label: 'landing-repair' | 'pr-feedback' | 'pr-conflict';
  readonly feedback: string;
  readonly reason: string;
}

function repairBead(step: Step, rigId: string, { title, label, feedback, reason }: Repair) {
  const id = step.ids.next();
  step.decide({ subject: { kind: 'bead', id }, to: 'open', reason });
  return {
    id,
    rev: 0,
    type: 'issue' as const,
    rigId,
    title: title.slice(0, MAX_TITLE_CHARS),
    hasBody: false,
    status: 'open' as const,
    statusSince: step.now,
    priority: 'high' as const,
    labels: [label],
    isHeld: false,
    dependsOn: [],
    attempt: 0,
    doneRefusals: 0,
    feedback: asFeedback(feedback),
    usage: noUsage,
    createdBy: 'town',
    createdAt: step.now,
    updatedAt: step.now,
  };
}

/** What keeps a convoy from landing is work like any other: a bead of the convoy, on its feature branch. @returns its id */
export function repairConvoy(
  step: Step,
  convoy: Convoy,
  repair: Omit<Repair, 'title' | 'label'> & Partial<Repair>,
): string {
  const { draft, now } = step;
  const bead = draft.put('bead', {
    ...repairBead(step, convoy.rigId, {
      title: `Make it ready to land: ${convoy.title}`,
      label: 'landing-repair',
      ...repair,
    }),
    convoyId: convoy.id,
  });
  const { id } = bead;
  step.decide({
    subject: { kind: 'convoy', id: convoy.id },
    from: convoy.state,
    to: 'active',
    reason: repair.reason,
  });
  const beads = [...convoy.beads, { id, outcome: 'open' as const }];
  draft.put('convoy', { ...convoy, beads, state: 'active', stateSince: now });
  return id;
}

/**
 * A bead that repairs a pull request: of a bead's on its own branch, of a landing's as a bead of the convoy. Its end puts the request back into
 * the queue, to be checked again.
 */
export function repairPullRequest(
  step: Step,
  mr: MergeRequest,
  repair: Repair,
  change: Partial<MergeRequest> = {},
): void {
  const { draft } = step;
  const convoy = mr.subject.kind === 'convoy' ? draft.get('convoy', mr.subject.id) : undefined;
  const repairBeadId =
    convoy === undefined
      ? draft.put('bead', { ...repairBead(step, mr.rigId, repair), branch: mr.branch, repairOf: mr.id }).id
      : repairConvoy(step, convoy, repair);
  const { pullRequest = newPullRequest } = mr;
  draft.put('mergeRequest', {
    ...mr,
    ...change,
    pullRequest: {
      ...pullRequest,
      ...change.pullRequest,
      repairBeadId,
      repairs: pullRequest.repairs + 1,
      repaired: { feedback: repair.feedback, headSha: pullRequest.headSha },
    },
  });
}
