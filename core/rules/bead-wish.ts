import { endingCost } from '../acts/beads.ts';
import { mergeRequestOf } from '../acts/merging.ts';
import { endAsWished } from '../acts/wishes.ts';
import { ALL_LIFECYCLES, type Rule, type RuleAbout } from './rule.ts';

/** Items that the end of a merge request writes beside its bead's: itself twice (live and archived). */
const REQUEST_COST = 2;

export const about: RuleAbout = {
  when: 'somebody cancelled or deleted a bead while it was being merged',
  guards: ['the merge is not under way any more', 'the step has room'],
  decides: ['it ends as it was asked for'],
  reference: ['H-08'],
};

/** What somebody asked for while a bead was being merged is done when that merge came to nothing; when it happened, it is overtaken. */
export const beadWish: Rule = {
  name: 'bead/wish',
  lifecycles: ALL_LIFECYCLES,
  run(step) {
    const { draft } = step;
    for (const bead of draft.all('bead')) {
      const { wish } = bead;
      if (wish === undefined || mergeRequestOf(draft, 'bead', bead.id)?.stage === 'merging') continue;
      if (!step.hasRoom(endingCost(step, bead) + REQUEST_COST)) return;
      endAsWished(step, bead, wish);
    }
  },
};
