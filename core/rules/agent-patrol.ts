import { reportOf } from '../acts/agents.ts';
import { escalate, STUCK_TEXT } from '../acts/escalate.ts';
import { loseMayor } from '../acts/mayor.ts';
import { say } from '../acts/say.ts';
import { giveUpSession } from '../acts/sessions.ts';
import { TELL_COST } from '../acts/tell-mayor.ts';
import { askTriage } from '../acts/triage.ts';
import { RELEASE_COST } from '../facts/release-cost.ts';
import type { Step } from '../step.ts';
import { activeAt } from '../town/activity.ts';
import type { Agent } from '../town/agent.ts';
import { minutes } from '../town/instant.ts';
import type { Rule, RuleAbout } from './rule.ts';

/** The reference's patrol, section 3.6. */
const WARN_MS = minutes(15);
const ESCALATE_MS = minutes(60);
const GIVE_UP_MS = minutes(120);

export const about: RuleAbout = {
  when: 'an agent is in a session that its container reports as alive, the mayor in a turn',
  guards: [
    'the container runs (a draining one is about to end the session anyway)',
    'the container knows the session',
    'the mayor is not asked, only replaced',
    'its bead is not said to be done: that claim is verified',
    'for the question after 15 minutes: no tool is at work',
    'each question is asked once until the agent shows progress again',
  ],
  decides: [
    'after 15 minutes without progress: a message to the agent',
    'after an hour: another message, and triage decides; if it cannot, or too much waits for it, people see an escalation',
    'after two hours: the session ends, its work goes on in another one, and it was an attempt',
  ],
  deadline: '15 min, 1 h and 2 h since the last progress',
  reference: ['3.6', 'H-02', 'H-19', 'decision 0009'],
};

/** An agent that shows no progress is asked, then people are told, then somebody else takes its work. */
export const agentPatrol: Rule = {
  name: 'agent/patrol',
  run(step) {
    const { draft } = step;
    if (draft.container.state !== 'running') return;
    for (const agent of draft.all('agent')) {
      if (agent.status !== 'working') continue;
      if (agent.role === 'mayor') lookAtMayor(step, agent);
      else look(step, agent);
    }
  },
};

function look(step: Step, agent: Agent): void {
  const report = reportOf(step.draft, agent);
  const { hook } = agent;
  if (report === undefined || hook === undefined) return;
  // What it did is being verified, and that says for itself what it waits for.
  if (hook.kind === 'bead' && step.draft.get('bead', hook.id)?.done !== undefined) return;
  const since = activeAt(agent, report, step.now);
  const askedMs = (agent.patrolledAt ?? Number.NEGATIVE_INFINITY) - since;
  // A tool may take long; only the later questions do not wait for it.
  const isBusy = (report.activeTools ?? []).length > 0;
  const nextMs = askedMs >= ESCALATE_MS ? GIVE_UP_MS : askedMs >= 0 || isBusy ? ESCALATE_MS : WARN_MS;
  const says = agent.statusMessage === undefined ? '' : `: ${agent.statusMessage}`;
  const reason = `${agent.name} works on it (its session ${agent.attempt} is ${report.state})${says}`;
  const wait = {
    subject: hook,
    state: 'progressing',
    waitingOn: 'agent',
    reason,
    who: 'agent',
  } as const;
  if (!step.passed(since, nextMs, wait)) return;
  const silentMs = step.now - since;
  if (silentMs >= GIVE_UP_MS) giveUp(step, agent);
  else ask(step, agent, silentMs >= ESCALATE_MS ? 60 : 15);
}

/** A mayor that waits for people may do so as long as they like; a turn of it that never ends would keep its container for ever. */
function lookAtMayor(step: Step, mayor: Agent): void {
  const report = reportOf(step.draft, mayor);
  if (report === undefined) return;
  const since = activeAt(mayor, report, step.now);
  const subject = { kind: 'agent', id: mayor.id } as const;
  const reason = `${mayor.name} is in a turn (its session ${mayor.attempt} is ${report.state})`;
  const wait = { subject, state: 'progressing', waitingOn: 'agent', reason, who: 'agent' } as const;
  if (!step.passed(since, GIVE_UP_MS, wait) || !step.hasRoom(RELEASE_COST)) return;
  loseMayor(step, mayor, { outcome: 'failed', reason: `${mayor.name} showed no progress for two hours` });
}

/** Items of a question: the agent, the message, and for the later one who decides on it. */
const ASK_COST = 2 + TELL_COST;

function ask(step: Step, agent: Agent, silentMinutes: 15 | 60): void {
  const { draft, now } = step;
  if (!step.hasRoom(ASK_COST)) return;
  const reason = `${agent.name} has shown no progress for ${silentMinutes} minutes`;
  step.decide({ subject: { kind: 'agent', id: agent.id }, reason: `${reason}: asked for it` });
  draft.put('agent', { ...agent, patrolledAt: now });
  const text =
    silentMinutes === 15
      ? 'You have shown no progress for a while. If you wait for something, end it and go on another way; if you are done, say so.'
      : 'You have shown no progress for an hour. In another hour your session ends. Push what you have, and call gt_escalate if you cannot go on.';
  say(step, agent, { id: step.ids.next(), text, mode: 'immediate' });
  if (silentMinutes === 60 && !askTriage(step, agent, { type: 'stuck_agent', title: reason }))
    escalate(step, agent, reason, STUCK_TEXT);
}

function giveUp(step: Step, agent: Agent): void {
  if (!step.hasRoom(RELEASE_COST)) return;
  giveUpSession(step, agent, { outcome: 'failed', reason: `${agent.name} showed no progress for two hours` });
}
