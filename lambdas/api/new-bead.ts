import type { Bead } from '../../core/town/bead.ts';
import type { Instant } from '../../core/town/instant.ts';
import { noUsage } from '../../core/town/usage.ts';

type Given = Pick<Bead, 'id' | 'rigId' | 'title' | 'createdBy'> & Partial<Bead>;

/** A bead that nobody has worked on yet. */
export const newBead = (given: Given, body: string | undefined, at: Instant): Bead => ({
  rev: 1,
  type: 'issue',
  hasBody: body !== undefined,
  status: 'open',
  statusSince: at,
  priority: 'medium',
  labels: [],
  isHeld: false,
  dependsOn: [],
  attempt: 0,
  doneRefusals: 0,
  usage: noUsage,
  createdAt: at,
  updatedAt: at,
  ...given,
});
