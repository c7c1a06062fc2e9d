import { queueMergeRequest } from '../acts/merge-requests.ts';
import { TELL_COST, tellMayor } from '../acts/tell-mayor.ts';
import type { Step } from '../step.ts';
import type { Convoy } from '../town/convoy.ts';
import { landingCooldownMs } from './backoff.ts';
import type { Rule, RuleAbout } from './rule.ts';

/** Landings that fail this often in a row need a person (the reference's limit). */
const MAX_LANDING_ATTEMPTS = 5;

export const about: RuleAbout = {
  when: 'a convoy is not being closed',
  guards: [
    'it is not staged and does not need attention',
    'none of its beads has failed (else it needs attention)',
    'it has beads, and all are closed',
    'its landing is not under way',
    'its branch brought something (else it needs attention)',
    'less than five landings have failed (else it needs attention)',
    'the pause after the last one is over',
  ],
  decides: ['its feature branch is queued to be merged, or it has landed'],
  deadline: '2^n × 30 s after the nth failed landing, at most 30 min',
  reference: ['7.3', '7.4', '3.0 landing cooldown', '#2035', '#4058', '#2260'],
};

/** A convoy lands when every bead is closed. One with a failed bead never lands by itself (#2035, #4058). */
export const convoyProgress: Rule = {
  name: 'convoy/progress',
  run(step) {
    for (const convoy of step.draft.all('convoy')) if (convoy.closing === undefined) advance(step, convoy);
  },
};

function advance(step: Step, convoy: Convoy): void {
  const { draft } = step;
  const subject = { kind: 'convoy', id: convoy.id } as const;
  const since = convoy.stateSince;
  if (convoy.state === 'staged') {
    const reason = 'staged: nothing starts before somebody starts the convoy';
    return step.waiting(since, { subject, state: 'waiting', waitingOn: 'start', reason, who: 'human' });
  }
  if (convoy.state === 'needs_attention') {
    const reason = convoy.attention?.message ?? 'needs attention';
    return step.waiting(since, {
      subject,
      state: 'needs_attention',
      waitingOn: 'a person',
      reason,
      who: 'human',
    });
  }
  const failed = convoy.beads.filter((edge) => edge.outcome === 'failed').length;
  const closed = convoy.beads.filter((edge) => edge.outcome === 'closed').length;
  if (failed > 0) {
    const message = `${failed} of ${convoy.beads.length} beads failed: what is closed is on the feature branch, nothing lands by itself`;
    return attend(step, convoy, { code: 'failed_beads', message });
  }
  if (convoy.beads.length === 0) {
    const reason = 'it has no beads: add one, or close it';
    return step.waiting(since, { subject, state: 'waiting', waitingOn: 'beads', reason, who: 'human' });
  }
  if (closed < convoy.beads.length) {
    const reason = `${closed} of ${convoy.beads.length} beads closed`;
    return step.waiting(since, { subject, state: 'progressing', waitingOn: 'beads', reason, who: 'town' });
  }
  if (convoy.mode === 'review-and-merge') return land(step, convoy);
  const landing = draft.get('mergeRequest', convoy.landingMergeRequestId);
  if (landing !== undefined) {
    // A bead that was to repair its pull request is done.
    if (convoy.state === 'active' && step.hasRoom(1)) {
      step.decide({
        subject,
        from: 'active',
        to: 'landing',
        reason: 'what kept it from landing is repaired',
      });
      draft.put('convoy', { ...convoy, state: 'landing', stateSince: step.now });
    }
    const reason = `its landing merge request is ${landing.stage}`;
    const heldBy = { kind: 'mergeRequest', id: landing.id } as const;
    const wait = {
      subject,
      state: 'progressing',
      waitingOn: 'landing',
      reason,
      who: 'town',
      heldBy,
    } as const;
    return step.waiting(landing.stageSince, wait);
  }
  startLanding(step, convoy);
}

function startLanding(step: Step, convoy: Convoy): void {
  const { draft, now } = step;
  const subject = { kind: 'convoy', id: convoy.id } as const;
  const rig = draft.get('rig', convoy.rigId);
  if (rig === undefined) return;
  if (convoy.attention?.code === 'no_work_produced') return attend(step, convoy, convoy.attention);
  if (convoy.landingAttempts >= MAX_LANDING_ATTEMPTS) {
    const last = convoy.attention?.message ?? 'no reason kept';
    const message = `landing failed ${convoy.landingAttempts} times; the last time: ${last}`;
    return attend(step, convoy, { code: 'landing_exhausted', message });
  }
  if (convoy.lastLandingFailedAt !== undefined) {
    const reason = `landing failed (${convoy.attention?.message ?? 'no reason kept'}); trying again`;
    const wait = { subject, state: 'waiting', waitingOn: 'cooldown', reason, who: 'town' } as const;
    if (!step.passed(convoy.lastLandingFailedAt, landingCooldownMs(convoy.landingAttempts), wait)) return;
  }
  if (!step.hasRoom(2)) return;
  const { id: landingMergeRequestId } = queueMergeRequest(
    step,
    {
      rigId: rig.id,
      subject,
      title: `Land convoy: ${convoy.title}`,
      branch: convoy.featureBranch,
      target: rig.defaultBranch,
      headSha: undefined,
    },
    `all ${convoy.beads.length} beads are closed`,
  );
  if (convoy.state !== 'landing') {
    step.decide({
      subject,
      from: convoy.state,
      to: 'landing',
      reason: `all ${convoy.beads.length} beads are closed`,
    });
  }
  const stateSince = convoy.state === 'landing' ? convoy.stateSince : now;
  draft.put('convoy', { ...convoy, state: 'landing', stateSince, landingMergeRequestId });
}

function land(step: Step, convoy: Convoy): void {
  const { draft, now } = step;
  if (!step.hasRoom(2)) return;
  const reason = 'all beads are merged';
  step.decide({ subject: { kind: 'convoy', id: convoy.id }, from: convoy.state, to: 'landed', reason });
  draft.archive('convoy', { ...convoy, state: 'landed', stateSince: now, closedAt: now });
}

function attend(step: Step, convoy: Convoy, attention: { code: string; message: string }): void {
  if (!step.hasRoom(1 + TELL_COST)) return;
  const subject = { kind: 'convoy', id: convoy.id } as const;
  step.decide({ subject, from: convoy.state, to: 'needs_attention', reason: attention.message });
  step.draft.put('convoy', { ...convoy, state: 'needs_attention', stateSince: step.now, attention });
  tellMayor(
    step,
    `the convoy "${convoy.title}" (${convoy.id}) needs attention: ${attention.message}.`,
    'queue',
  );
}
