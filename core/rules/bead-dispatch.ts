import { fullContainer, hook, idleAgent } from '../acts/agents.ts';
import { isEnding } from '../acts/container.ts';
import { endBead, endingCost } from '../acts/beads.ts';
import { mayCost, mayDispatch } from '../acts/dispatching.ts';
import { TELL_COST, tellMayor } from '../acts/tell-mayor.ts';
import type { Step } from '../step.ts';
import { PRIORITY_ORDER, type Bead } from '../town/bead.ts';
import { beadBranch } from '../town/branches.ts';
import { effectiveConfig } from '../town/config.ts';
import type { Rig } from '../town/rig.ts';
import { dispatchCooldownMs, LOOK_AFTER } from './backoff.ts';
import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'a bead is open',
  guards: [
    'its rig is there (else it fails), and not being removed',
    'it is not held, its convoy neither staged nor being closed',
    'none of its blockers has failed, all are closed',
    'attempts are left (else it fails)',
    'no budget is spent',
    'the container is not on its way out',
    'its pause after the last attempt is over',
    'the breaker lets it',
    'there is a place in the container and in its rig',
  ],
  decides: ['an idle or new agent takes it, on its branch; the most urgent first, then the oldest'],
  deadline: '30 s, 1, 2, 5, then 10 min after a failed attempt',
  reference: ['3.3 R1', '3.3 R2', '3.0 cooldowns', 'H-05', 'H-07'],
};

/** An open bead gets an agent as soon as nothing stands in its way: highest priority first, then the oldest. */
export const beadDispatch: Rule = {
  name: 'bead/dispatch',
  run(step) {
    const { draft } = step;
    const open = draft.all('bead').filter((bead) => bead.status === 'open');
    open.sort((a, b) => PRIORITY_ORDER[a.priority] - PRIORITY_ORDER[b.priority] || (a.id < b.id ? -1 : 1));
    let queued = 0;
    for (const bead of open) {
      const rig = draft.get('rig', bead.rigId);
      if (rig === undefined) {
        // It was made while somebody removed the rig.
        if (!step.hasRoom(endingCost(step, bead))) return;
        endBead(step, bead, { status: 'failed', reason: 'its rig was removed', failureCode: 'rig_removed' });
        continue;
      }
      // The rule `rig/remove` ends it as soon as it can, and says so.
      if (rig.removing !== undefined || isBlocked(step, bead)) continue;
      const { maxDispatchAttempts } = effectiveConfig(draft.base.config, rig.config);
      if (countedAttempts(bead) >= maxDispatchAttempts) {
        if (!step.hasRoom(endingCost(step, bead) + TELL_COST)) return;
        const problem = bead.lastProblem ?? bead.feedback;
        const last = problem === undefined ? '' : `; the last one: ${problem.slice(0, 300)}`;
        const reason = `${countedAttempts(bead)} attempts did not finish it${last}`;
        endBead(step, bead, { status: 'failed', reason, failureCode: 'max_dispatch_attempts' });
        tellOfFailure(step, bead, reason);
        continue;
      }
      const subject = { kind: 'bead', id: bead.id } as const;
      if (!mayCost(step, subject, { bead, convoy: draft.get('convoy', bead.convoyId) })) continue;
      if (isDelayed(step, bead) || !mayDispatch(step, subject)) continue;
      const heldBy = slotHolder(step, rig);
      if (heldBy !== undefined) {
        queued += 1;
        const wait = { state: 'queued', waitingOn: 'capacity', reason: heldBy, who: 'town' } as const;
        step.waiting(bead.statusSince, { ...wait, subject: { kind: 'bead', id: bead.id }, position: queued });
        continue;
      }
      if (!step.hasRoom(3)) return;
      dispatch(step, bead);
    }
  },
};

/** Whoever waits for it stays blocked (hazard H-07): people see that in `why`, the mayor is told. */
function tellOfFailure(step: Step, { id, title }: Bead, reason: string): void {
  const waiting = step.draft.all('bead').filter(({ dependsOn }) => dependsOn.some((edge) => edge.id === id));
  const blocked = waiting.length === 0 ? '' : ` ${waiting.length} beads that depend on it stay blocked.`;
  tellMayor(step, `the bead "${title}" (${id}) has failed: ${reason}.${blocked}`, 'queue');
}

/** Attempts since the bead was made, or asked for anew. */
const countedAttempts = ({ attempt, attemptBase = 0 }: Bead): number => attempt - attemptBase;

/** Does somebody or another bead have to act first? Says who. */
function isBlocked(step: Step, bead: Bead): boolean {
  const { draft } = step;
  const subject = { kind: 'bead', id: bead.id } as const;
  const since = bead.statusSince;
  if (bead.isHeld) {
    const reason = 'held: it starts when somebody starts it';
    step.waiting(since, { subject, state: 'waiting', waitingOn: 'start', reason, who: 'human' });
    return true;
  }
  const convoy = draft.get('convoy', bead.convoyId);
  // The rule `convoy/close` ends it as soon as it can, and says what it waits for.
  if (convoy?.closing !== undefined) return true;
  if (convoy?.state === 'staged') {
    const reason = 'its convoy is staged: start the convoy';
    const heldBy = { kind: 'convoy', id: convoy.id } as const;
    step.waiting(since, { subject, state: 'waiting', waitingOn: 'start', reason, who: 'human', heldBy });
    return true;
  }
  const failed = bead.dependsOn.find((edge) => edge.outcome === 'failed');
  if (failed !== undefined) {
    const reason = `depends on bead ${failed.id}, which failed: cancel this one, or ask for both anew`;
    const heldBy = { kind: 'bead', id: failed.id } as const;
    step.waiting(since, {
      subject,
      state: 'needs_attention',
      waitingOn: 'dependencies',
      reason,
      who: 'human',
      heldBy,
    });
    return true;
  }
  const unfinished = bead.dependsOn.filter((edge) => edge.outcome === 'open');
  const [first] = unfinished;
  if (first !== undefined) {
    const reason = `${unfinished.length} of ${bead.dependsOn.length} beads it depends on are not merged`;
    const heldBy = { kind: 'bead', id: first.id } as const;
    step.waiting(since, {
      subject,
      state: 'waiting',
      waitingOn: 'dependencies',
      reason,
      who: 'town',
      heldBy,
    });
    return true;
  }
  return false;
}

/** Does the next attempt have to wait a while? Says for what. */
function isDelayed(step: Step, bead: Bead): boolean {
  const { draft } = step;
  const subject = { kind: 'bead', id: bead.id } as const;
  if (isEnding(draft)) {
    const reason = `the container of epoch ${draft.container.epoch} is stopping; the next one takes it`;
    const wait = { subject, state: 'waiting', waitingOn: 'container', reason, who: 'platform' } as const;
    step.waiting(bead.statusSince, wait);
    return true;
  }
  if (bead.cooldownFrom === undefined) return false;
  const { outages = 0, attempt } = bead;
  const why = bead.lastProblem === undefined ? '' : ` (${bead.lastProblem.slice(0, 300)})`;
  const reason =
    outages > 0
      ? `${outages} sessions in a row were ended from outside${why}; the next one starts after a pause`
      : `attempt ${attempt} did not finish it${why}; the next one starts after a pause`;
  const isLong = outages >= LOOK_AFTER;
  const state = isLong ? 'needs_attention' : 'waiting';
  const wait = { subject, state, waitingOn: 'cooldown', reason, who: isLong ? 'human' : 'town' } as const;
  return !step.passed(bead.cooldownFrom, dispatchCooldownMs(Math.max(countedAttempts(bead), outages)), wait);
}

/** What keeps every place for another worker taken; undefined: there is one. */
function slotHolder(step: Step, rig: Rig): string | undefined {
  const { draft } = step;
  const full = fullContainer(draft);
  if (full !== undefined) return full;
  const { maxPolecats } = effectiveConfig(draft.base.config, rig.config);
  const inRig = draft
    .all('agent')
    .filter((agent) => agent.status === 'working' && agent.rigId === rig.id && agent.role === 'polecat');
  if (inRig.length < maxPolecats) return undefined;
  return `${inRig.length} of at most ${maxPolecats} workers of the rig are busy: ${inRig.map((a) => a.name).join(', ')}`;
}

function dispatch(step: Step, bead: Bead): void {
  const { draft, now } = step;
  const idle = idleAgent(step, 'polecat', bead.rigId, bead.checkpoint?.agentId);
  const attempt = bead.attempt + 1;
  const agent = hook(step, idle, { kind: 'bead', id: bead.id });
  const branch = bead.branch ?? beadBranch(bead, agent, draft.get('convoy', bead.convoyId));
  const subject = { kind: 'bead', id: bead.id } as const;
  step.decide({
    subject,
    from: 'open',
    to: 'in_progress',
    reason: `${agent.name} takes it, attempt ${attempt}`,
  });
  draft.put('bead', {
    ...bead,
    status: 'in_progress',
    statusSince: now,
    assigneeAgentId: agent.id,
    checkpoint: bead.checkpoint?.agentId === agent.id ? bead.checkpoint : undefined,
    attempt,
    branch,
    cooldownFrom: undefined,
    doneRefusals: 0,
  });
}
