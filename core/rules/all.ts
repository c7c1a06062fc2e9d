import { agentGarbage } from './agent-garbage.ts';
import { agentLost } from './agent-lost.ts';
import { agentPatrol } from './agent-patrol.ts';
import { beadDispatch } from './bead-dispatch.ts';
import { beadOrphaned } from './bead-orphaned.ts';
import { beadWish } from './bead-wish.ts';
import { budgetLimit } from './budget-limit.ts';
import { containerIdle } from './container-idle.ts';
import { containerLost } from './container-lost.ts';
import { containerStart } from './container-start.ts';
import { containerStop } from './container-stop.ts';
import { convoyClose } from './convoy-close.ts';
import { convoyProgress } from './convoy-progress.ts';
import { escalationOpen } from './escalation-open.ts';
import { desiredStateRule } from './desired-state.ts';
import { mailExpired } from './mail-expired.ts';
import { mayorSession } from './mayor-session.ts';
import { mergeQueueJob } from './merge-queue-job.ts';
import { mergeQueueMerge } from './merge-queue-merge.ts';
import { mergeQueueReview } from './merge-queue-review.ts';
import { mergeQueueSlot } from './merge-queue-slot.ts';
import { outboxRetry } from './outbox-retry.ts';
import { pullRequestMerge } from './pull-request-merge.ts';
import { pullRequestObserve } from './pull-request-observe.ts';
import { pullRequestOpen } from './pull-request-open.ts';
import { pullRequestRepair } from './pull-request-repair.ts';
import { rigRemove } from './rig-remove.ts';
import type { Rule } from './rule.ts';
import { triageDispatch } from './triage-dispatch.ts';
import { townBreaker } from './town-breaker.ts';
import { townHalt } from './town-halt.ts';
import { townPurge } from './town-purge.ts';
import { verificationJob } from './verification-job.ts';

/** Every rule in the one declared order: losses first, then work, then the container that has to carry it. */
export const ALL_RULES: readonly Rule[] = [
  outboxRetry,
  escalationOpen,
  townHalt,
  townPurge,
  containerLost,
  agentLost,
  agentPatrol,
  agentGarbage,
  townBreaker,
  budgetLimit,
  mailExpired,
  mayorSession,
  beadWish,
  triageDispatch,
  beadOrphaned,
  rigRemove,
  convoyClose,
  convoyProgress,
  verificationJob,
  mergeQueueSlot,
  mergeQueueJob,
  mergeQueueMerge,
  pullRequestOpen,
  pullRequestObserve,
  pullRequestRepair,
  pullRequestMerge,
  mergeQueueReview,
  beadDispatch,
  desiredStateRule,
  containerStart,
  containerIdle,
  containerStop,
];
