import { beadOrphaned } from '../../../../core/rules/bead-orphaned.ts';
import {
  agent,
  bead,
  claimedBead,
  mergeRequest,
  reviewedBead,
  T0,
  workedBead,
  worker,
} from '../town-builder.ts';
import { rows } from './rows.ts';

rows(beadOrphaned, T0, [
  {
    situation: 'a bead with its agent goes on',
    town: { beads: [workedBead('a', 'x')], agents: [worker('x', 'a')] },
    waits: [],
  },
  {
    situation: 'a bead whose agent is gone is open again',
    town: { beads: [workedBead('a', 'x')] },
    decides: ['bead a: in_progress → open'],
    reason: 'no agent works on it',
  },
  {
    situation: 'a bead whose agent does something else is open again',
    town: { beads: [workedBead('a', 'x')], agents: [agent('x')] },
    decides: ['bead a: in_progress → open'],
    reason: 'no agent works on it',
  },
  {
    situation: 'a claim under verification stands without its agent',
    town: { beads: [claimedBead('a', 'x')] },
    waits: [],
  },
  {
    situation: 'a bead in review waits for its merge request',
    town: { beads: [reviewedBead('a')], mergeRequests: [mergeRequest('m', 'a')] },
    reason: 'its merge request is queued',
    waits: ['bead a: progressing on merge'],
  },
  {
    situation: 'a bead in review whose merge request is gone is open again',
    town: { beads: [reviewedBead('a')] },
    decides: ['bead a: in_review → open'],
    reason: 'no merge request carries it',
  },
  { situation: 'an open bead is no orphan', town: { beads: [bead('a')] }, waits: [] },
]);
