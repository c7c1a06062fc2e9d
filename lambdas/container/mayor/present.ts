import type { Agent } from '../../../core/town/agent.ts';
import type { Bead } from '../../../core/town/bead.ts';
import type { Convoy } from '../../../core/town/convoy.ts';
import type { Escalation } from '../../../core/town/escalation.ts';
import type { Explanation } from '../../../core/explain.ts';
import type { Rig } from '../../../core/town/rig.ts';

/** Records as the mayor sees them: what it decides by, under the names that its tools take. A model pays for each word. */

export const rigRow = ({ id, name, gitUrl, defaultBranch }: Rig) => ({
  rig_id: id,
  name,
  git_url: gitUrl,
  default_branch: defaultBranch,
});

export const beadRow = (bead: Bead) => ({
  bead_id: bead.id,
  rig_id: bead.rigId,
  title: bead.title,
  status: bead.status,
  priority: bead.priority,
  ...(bead.labels.length === 0 ? {} : { labels: bead.labels }),
  ...(bead.isHeld ? { held: true } : {}),
  ...(bead.dependsOn.length === 0 ? {} : { depends_on: bead.dependsOn }),
  ...(bead.convoyId === undefined ? {} : { convoy_id: bead.convoyId }),
  ...(bead.assigneeAgentId === undefined ? {} : { agent_id: bead.assigneeAgentId }),
  ...(bead.failure === undefined ? {} : { failure: bead.failure.message }),
  created_by: bead.createdBy,
});

export const convoyRow = (convoy: Convoy) => ({
  convoy_id: convoy.id,
  rig_id: convoy.rigId,
  title: convoy.title,
  state: convoy.state,
  merge_mode: convoy.mode,
  beads: {
    total: convoy.beads.length,
    closed: convoy.beads.filter(({ outcome }) => outcome === 'closed').length,
    failed: convoy.beads.filter(({ outcome }) => outcome === 'failed').length,
  },
  ...(convoy.attention === undefined ? {} : { attention: convoy.attention }),
});

export const agentRow = ({ id, role, name, rigId, status, hook }: Agent) => ({
  agent_id: id,
  role,
  name,
  ...(rigId === '' ? {} : { rig_id: rigId }),
  status,
  ...(hook === undefined ? {} : { works_on: hook }),
});

export const escalationRow = ({ id, severity, title, text, agentId, beadId }: Escalation) => ({
  escalation_id: id,
  severity,
  title,
  text,
  agent_id: agentId,
  bead_id: beadId,
});

export const waitRow = ({ subject, state, waitingOn, reason, who }: Explanation) => ({
  subject,
  state,
  waiting_on: waitingOn,
  reason,
  who_acts: who,
});

/** Records of one answer, at most. */
export const MOST_ROWS = 50;

/**
 * The newest first; ids are made in the order of time.
 * @param isAll there are no others, older than these
 */
export function newest<T extends { readonly id: string }, Row>(
  records: readonly T[],
  row: (record: T) => Row,
  isAll = true,
) {
  const sorted = records.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const left = sorted.length - MOST_ROWS;
  const items = sorted.slice(0, MOST_ROWS).map(row);
  // Nobody has counted those that were not looked at.
  if (!isAll) return { items, not_shown: 'the older ones' };
  return { items, ...(left > 0 ? { not_shown: left } : {}) };
}
