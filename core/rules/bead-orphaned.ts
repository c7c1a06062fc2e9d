import { reopenBead } from '../acts/beads.ts';
import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'a bead is in progress or in review',
  guards: ['its agent is hooked to it, or it says that it is done', 'its merge request is live'],
  decides: ['it is open again'],
  reference: ['3.3 R1b', '3.3 R3', '3.3 R4', '3.2 A4'],
};

/** A bead in progress has an agent, a bead in review has a merge request; one that has lost it is open again. */
export const beadOrphaned: Rule = {
  name: 'bead/orphaned',
  run(step) {
    const { draft } = step;
    const reviews = new Map(
      draft.all('mergeRequest').flatMap((mr) => (mr.subject.kind === 'bead' ? [[mr.subject.id, mr]] : [])),
    );
    for (const bead of draft.all('bead')) {
      const subject = { kind: 'bead', id: bead.id } as const;
      if (bead.status === 'in_progress') {
        const agent = draft.get('agent', bead.assigneeAgentId);
        if (agent?.hook?.id === bead.id || bead.done !== undefined || !step.hasRoom(3)) continue;
        reopenBead(step, bead, { reason: 'no agent works on it', hasCooldown: true });
      } else if (bead.status === 'in_review') {
        const mr = reviews.get(bead.id);
        if (mr !== undefined) {
          const reason = `its merge request is ${mr.stage}`;
          const heldBy = { kind: 'mergeRequest', id: mr.id } as const;
          const wait = {
            subject,
            state: 'progressing',
            waitingOn: 'merge',
            reason,
            who: 'town',
            heldBy,
          } as const;
          step.waiting(mr.stageSince, wait);
        } else if (step.hasRoom(3)) {
          reopenBead(step, bead, { reason: 'no merge request carries it', hasCooldown: true });
        }
      }
    }
  },
};
