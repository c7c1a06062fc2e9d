import * as fc from 'fast-check';
import type { Agent } from '../../../core/town/agent.ts';
import type { Bead, Edge } from '../../../core/town/bead.ts';
import type { Convoy } from '../../../core/town/convoy.ts';
import type { MergeRequest } from '../../../core/town/merge-request.ts';
import type { Town } from '../../../core/town/town.ts';
import type { TriageRequest } from '../../../core/town/triage-request.ts';
import {
  bead,
  CANDIDATE,
  claimedBead,
  container,
  convoy,
  escalation,
  landing,
  mail,
  mergeRequest,
  observed,
  outboxRow,
  report,
  reviewedBead,
  reviewer,
  rig,
  sha,
  T0,
  town,
  triageRequest,
  workedBead,
  worker,
} from './town-builder.ts';

/** Any town that breaks no invariant: every state of every record, whatever brought it there. */

const since = fc.integer({ min: -3_600_000, max: 0 }).map((ms) => T0 + ms);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const beadPlan = fc.record({
  status: fc.constantFrom('open', 'working', 'claimed', 'orphaned', 'in_review', 'unreviewed'),
  attempt: fc.integer({ min: 1, max: 6 }),
  cooldownFrom: maybe(since),
  isHeld: fc.boolean(),
  isInConvoy: fc.boolean(),
  dependsOnEarlier: fc.boolean(),
  gone: maybe(fc.constantFrom('closed', 'failed')),
  hasJob: fc.boolean(),
  jobErrorAt: maybe(since),
  session: maybe(fc.constantFrom('starting', 'working', 'idle', 'exited', 'failed')),
  hasMail: fc.boolean(),
  mailTtlMs: maybe(fc.integer({ min: 1, max: 60_000 })),
  triage: maybe(fc.constantFrom('stuck_agent', 'escalation')),
  hasCheckpoint: fc.boolean(),
  stage: fc.constantFrom('queued', 'checking', 'reviewing', 'open', 'merging'),
  hasReviewer: fc.boolean(),
  hasCandidate: fc.boolean(),
  result: maybe(fc.constantFrom('error', 'refused', 'verified', 'passed', 'gate_failed', 'stale', 'merged')),
});
type BeadPlan = typeof beadPlan extends fc.Arbitrary<infer T> ? T : never;

const townPlan = fc.record({
  beads: fc.array(beadPlan, { maxLength: 8 }),
  convoyState: fc.constantFrom('staged', 'active', 'landing', 'needs_attention'),
  landing: maybe(fc.constantFrom('queued', 'checking', 'reviewing', 'merging')),
  landingAttempts: fc.integer({ min: 0, max: 6 }),
  lastLandingFailedAt: maybe(since),
  state: fc.constantFrom('absent', 'starting', 'running', 'draining', 'stopping', 'lost'),
  containerSince: since,
  idleSince: maybe(since),
  failures: fc.integer({ min: 0, max: 5 }),
  /** Of this epoch or the one before. */
  observedEpoch: maybe(fc.constantFrom(0, 1)),
  syncedAt: since,
  phase: fc.constantFrom('running', 'draining', 'drained'),
  effect: maybe(fc.constantFrom('run_task', 'stop_task')),
  isEffectExhausted: fc.boolean(),
  memoryGiB: fc.constantFrom(2, 4, 8),
  lifecycle: fc.constantFrom('active', 'active', 'paused', 'deleting'),
  isClosing: fc.boolean(),
  hasEscalation: fc.boolean(),
  /** Which of the requests triage looks at. */
  triaged: maybe(fc.integer({ min: 0, max: 7 })),
});
type TownPlan = typeof townPlan extends fc.Arbitrary<infer T> ? T : never;

const RESULTS = {
  error: { outcome: 'error', code: 'x', message: 'y' },
  refused: { outcome: 'refused', reason: 'no_commits', detail: 'z' },
  verified: { outcome: 'verified', headSha: sha(7), commits: 1 },
  passed: { outcome: 'passed', headSha: sha(7), ...CANDIDATE },
  gate_failed: { outcome: 'gate_failed', gate: 'g', exitCode: 1, outputTail: '' },
  stale: { outcome: 'stale', reason: 'target_moved' },
  merged: { outcome: 'merged', mergeSha: sha(8) },
} as const;

interface Parts {
  readonly beads: Bead[];
  readonly agents: Agent[];
  readonly mergeRequests: MergeRequest[];
}

function addBead(parts: Parts, plan: BeadPlan, n: number): void {
  const id = `b${n}`;
  const agentId = `x${n}`;
  const { attempt, hasJob, jobErrorAt } = plan;
  const dependsOn: Edge[] = [
    ...(plan.dependsOnEarlier && n > 0 ? [{ id: `b${n - 1}`, outcome: 'open' } as const] : []),
    ...(plan.gone === undefined ? [] : [{ id: 'gone', outcome: plan.gone } as const]),
  ];
  const checkpoint = plan.hasCheckpoint ? { checkpoint: { agentId, data: 'half' } } : {};
  const common = { attempt, dependsOn, ...checkpoint, ...(plan.isInConvoy ? { convoyId: 'k' } : {}) };
  switch (plan.status) {
    case 'open':
      parts.beads.push(bead(id, { ...common, isHeld: plan.isHeld, cooldownFrom: plan.cooldownFrom }));
      return;
    case 'orphaned':
      parts.beads.push(workedBead(id, 'nobody', common));
      return;
    case 'unreviewed':
    case 'working':
      parts.beads.push(workedBead(id, agentId, common));
      parts.agents.push(worker(agentId, id));
      return;
    case 'claimed': {
      const errors = jobErrorAt === undefined ? {} : { jobErrors: 1, lastJobErrorAt: jobErrorAt };
      const claim = { jobId: hasJob ? `job-${id}` : undefined, ...errors };
      parts.beads.push({ ...claimedBead(id, agentId, claim), ...common });
      parts.agents.push(worker(agentId, id));
      return;
    }
    case 'in_review':
      parts.beads.push(reviewedBead(id, common));
      addReview(parts, plan, n);
  }
}

/** One merge request of the rig holds the slot at most. */
function addReview({ mergeRequests, agents }: Parts, plan: BeadPlan, n: number): void {
  const isSlotTaken = mergeRequests.some(({ stage }) => stage !== 'queued');
  const stage = isSlotTaken ? 'queued' : plan.stage;
  const hasReviewer = stage === 'reviewing' && plan.hasReviewer;
  const over = {
    stage,
    ...(plan.hasJob && (stage === 'checking' || stage === 'merging') ? { jobId: `job-b${n}` } : {}),
    ...(plan.hasCandidate || hasReviewer || stage === 'merging' ? { candidate: CANDIDATE } : {}),
    ...(plan.jobErrorAt === undefined ? {} : { jobErrors: 2, lastJobErrorAt: plan.jobErrorAt }),
    ...(hasReviewer ? { reviewerAgentId: `x${n}` } : { reviewCooldownFrom: plan.cooldownFrom }),
    reviewAttempt: plan.attempt,
  };
  mergeRequests.push(mergeRequest(`m${n}`, `b${n}`, over));
  if (hasReviewer) agents.push(reviewer(`x${n}`, `m${n}`));
}

function addConvoy(parts: Parts, plan: TownPlan): Convoy[] {
  const open = parts.beads
    .filter(({ convoyId }) => convoyId === 'k')
    .map(({ id }) => ({ id, outcome: 'open' }) as const);
  const over = { landingAttempts: plan.landingAttempts, lastLandingFailedAt: plan.lastLandingFailedAt };
  const landed = convoy('l', { ...over, state: 'landing', beads: [{ id: 'gone', outcome: 'closed' }] });
  const mine = convoy('k', {
    state: plan.convoyState === 'landing' ? 'active' : plan.convoyState,
    ...(plan.isClosing ? { closing: { by: 'ann', reason: 'closed by ann' } } : {}),
    beads: open,
  });
  const isSlotTaken = parts.mergeRequests.some(({ stage }) => stage !== 'queued');
  if (plan.landing === undefined) return [mine, landed];
  const stage = isSlotTaken ? 'queued' : plan.landing;
  const candidate = stage === 'merging' ? { candidate: CANDIDATE, headSha: sha(3) } : {};
  parts.mergeRequests.push(landing('ml', 'l', { stage, ...candidate }));
  return [mine, { ...landed, landingMergeRequestId: 'ml' }];
}

/** Requests about what agents work on or did; one of them at most has a triage agent. */
function addTriage({ agents }: Parts, plan: TownPlan): TriageRequest[] {
  const requests = plan.beads.flatMap(({ triage, attempt, cooldownFrom }, n): TriageRequest[] => {
    if (triage === undefined) return [];
    const about = { agentId: `x${n}`, attempt: 1, beadId: `b${n}`, attempts: attempt % 4 };
    const asked = triage === 'escalation' ? { escalationId: plan.hasEscalation ? 'e' : 'gone' } : {};
    return [triageRequest(`t${n}`, { type: triage, ...about, ...asked, cooldownFrom })];
  });
  const looked = requests.find(({ id }) => id === `t${plan.triaged}`);
  if (looked === undefined) return requests;
  agents.push(worker('tri', '', { role: 'triage', hook: { kind: 'triageRequest', id: looked.id } }));
  return requests.map((request) => (request === looked ? { ...request, assigneeAgentId: 'tri' } : request));
}

function build(plan: TownPlan): Town {
  const parts: Parts = { beads: [], agents: [], mergeRequests: [] };
  for (const [n, beadOf] of plan.beads.entries()) addBead(parts, beadOf, n);
  const convoys = addConvoy(parts, plan);
  const triageRequests = addTriage(parts, plan);
  const agents = plan.beads.flatMap(({ session }, n) =>
    session === undefined ? [] : [report(`x${n}`, session)],
  );
  const jobs = plan.beads.flatMap(({ result }, n) =>
    result === undefined ? [] : [{ jobId: `job-b${n}`, state: 'done' as const, result: RESULTS[result] }],
  );
  const { state, idleSince, failures, syncedAt, phase, observedEpoch } = plan;
  const failed = failures > 0 ? { lastFailedAt: plan.containerSince } : {};
  const exhausted = plan.isEffectExhausted ? { exhaustedAt: T0 } : {};
  return town({
    ...parts,
    head: { lifecycle: plan.lifecycle },
    rigs: [rig()],
    escalations: plan.hasEscalation ? [escalation('e')] : [],
    convoys,
    mails: plan.beads.flatMap(({ hasMail, mailTtlMs: ttl }, n) =>
      hasMail ? [mail(`l${n}`, `x${n}`, ttl === undefined ? {} : { expiresAt: T0 + ttl })] : [],
    ),
    triageRequests,
    config: { container: { memoryGiB: plan.memoryGiB } },
    container: container(state, { since: plan.containerSince, idleSince, failures, epoch: 1, ...failed }),
    observed:
      observedEpoch === undefined
        ? undefined
        : observed({ epoch: observedEpoch, syncedAt, phase, agents, jobs }),
    outbox: plan.effect === undefined ? [] : [outboxRow(plan.effect, exhausted)],
  });
}

export const randomTown: fc.Arbitrary<Town> = townPlan.map(build);
