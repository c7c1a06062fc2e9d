import type { Agent } from '../../core/town/agent.ts';
import type { Bead } from '../../core/town/bead.ts';
import type { Convoy } from '../../core/town/convoy.ts';
import type { Head } from '../../core/town/head.ts';
import type { Instant } from '../../core/town/instant.ts';
import type { MergeRequest } from '../../core/town/merge-request.ts';
import { noUsage } from '../../core/town/usage.ts';
import type { Rig } from '../../core/town/rig.ts';
import type { Explanation } from '../../core/explain.ts';

/** Records as the HTTP contract shows them: ISO-8601 times, and nothing that is only the town's bookkeeping. */

export const iso = (at: Instant): string => new Date(at).toISOString();
const isoOrNothing = (at: Instant | undefined): string | undefined =>
  at === undefined ? undefined : iso(at);
const times = ({ createdAt, updatedAt }: { createdAt: Instant; updatedAt: Instant }) => ({
  createdAt: iso(createdAt),
  updatedAt: iso(updatedAt),
});

export const presentTown = (head: Head) => ({
  id: head.id,
  name: head.name,
  orgId: head.orgId,
  lifecycle: head.lifecycle,
  dueAt: isoOrNothing(head.dueAt) ?? null,
  ...times(head),
});

export const presentRig = ({ id, name, gitUrl, defaultBranch, config, ...rest }: Rig) => ({
  id,
  name,
  gitUrl,
  defaultBranch,
  config,
  ...times(rest),
});

export const presentBead = (bead: Bead, body?: string) => ({
  id: bead.id,
  type: bead.type,
  rigId: bead.rigId,
  title: bead.title,
  body,
  status: bead.status,
  statusSince: iso(bead.statusSince),
  priority: bead.priority,
  labels: bead.labels,
  metadata: bead.metadata ?? {},
  held: bead.isHeld,
  dependsOn: bead.dependsOn,
  convoyId: bead.convoyId ?? null,
  agentId: bead.assigneeAgentId ?? null,
  branch: bead.branch ?? null,
  attempt: bead.attempt,
  feedback: bead.feedback,
  failure: bead.failure,
  usage: bead.usage,
  closedAt: isoOrNothing(bead.closedAt) ?? null,
  ...times(bead),
});

export const presentConvoy = (convoy: Convoy) => ({
  id: convoy.id,
  rigId: convoy.rigId,
  title: convoy.title,
  mergeMode: convoy.mode,
  state: convoy.state,
  stateSince: iso(convoy.stateSince),
  featureBranch: convoy.featureBranch,
  beads: convoy.beads,
  landingMergeRequestId: convoy.landingMergeRequestId ?? null,
  attention: convoy.attention,
  usage: convoy.usage ?? noUsage,
  closedAt: isoOrNothing(convoy.closedAt) ?? null,
  ...times(convoy),
});

export const presentMergeRequest = (mr: MergeRequest) => ({
  id: mr.id,
  rigId: mr.rigId,
  subject: mr.subject,
  title: mr.title,
  branch: mr.branch,
  target: mr.target,
  headSha: mr.headSha ?? null,
  stage: mr.stage,
  stageSince: iso(mr.stageSince),
  reviewerAgentId: mr.reviewerAgentId ?? null,
  mergeSha: mr.mergeSha ?? null,
  failure: mr.failure,
  closedAt: isoOrNothing(mr.closedAt) ?? null,
  ...times(mr),
});

export const presentAgent = (agent: Agent) => ({
  id: agent.id,
  role: agent.role,
  name: agent.name,
  rigId: agent.rigId,
  status: agent.status,
  hook: agent.hook ?? null,
  attempt: agent.attempt,
  dispatchedAt: isoOrNothing(agent.dispatchedAt) ?? null,
  ...times(agent),
});

export const presentExplanation = ({ since, until, ...row }: Explanation) => ({
  ...row,
  since: iso(since),
  until: isoOrNothing(until) ?? null,
});
