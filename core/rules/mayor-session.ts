import { isEnding } from '../acts/container.ts';
import { mayorMail, mayorOf } from '../acts/mayor.ts';
import type { Step } from '../step.ts';
import type { Agent } from '../town/agent.ts';
import { reachedFor, reachedText } from '../acts/budgets.ts';
import type { Mail } from '../town/mail.ts';
import type { WaitDetail } from '../wait.ts';
import { dispatchCooldownMs, LOOK_AFTER } from './backoff.ts';
import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'the mayor was written to, or somebody wants to see it',
  guards: [
    'the town is not paused',
    'its session is not there already',
    'the container is not on its way out',
    'the town’s hard budget is not reached',
    'the pause after sessions that broke is over',
  ],
  decides: ['a session of the mayor starts'],
  deadline: '30 s, 1, 2, 5, 10 min after sessions that broke',
  reference: ['9.1', '9.2', '9.3'],
};

/** Somebody who writes to the mayor, or asks for it, gets a session; `why` says where a message stands until it is answered. */
export const mayorSession: Rule = {
  name: 'mayor/session',
  lifecycles: ['active', 'paused'],
  run(step) {
    const { draft } = step;
    const mayor = mayorOf(draft);
    if (mayor === undefined) return;
    // What is to be said with the next thing waits for that.
    const mail = mayorMail(draft, mayor).filter(({ mode }) => mode !== 'queue');
    if (mail.length === 0 && (mayor.status !== 'idle' || mayor.isWanted !== true)) return;
    const waiting = waitFor(mayor, mail);
    const since = mail[0]?.createdAt ?? mayor.lastActiveAt ?? mayor.updatedAt;
    if (draft.base.head.lifecycle === 'paused') {
      const reason = 'the town is paused: the mayor answers when somebody resumes it';
      return step.waiting(since, waiting({ waitingOn: 'resume', reason, who: 'human' }));
    }
    if (mayor.status !== 'idle') return step.waiting(since, waiting(inSession(step, mayor)));
    if (isEnding(draft)) {
      const reason = `the container of epoch ${draft.container.epoch} is stopping; the next one has the mayor`;
      return step.waiting(since, waiting({ waitingOn: 'container', reason, who: 'platform' }));
    }
    const reached = reachedFor(draft, {});
    if (reached?.level === 'hard') {
      const budget = { waitingOn: 'the budget', reason: reachedText(reached), who: 'human' } as const;
      return step.waiting(since, waiting({ ...budget, state: 'needs_attention' }));
    }
    if (isCoolingDown(step, mayor, waiting) || !step.hasRoom(2)) return;
    start(step, mayor, mail.length);
  },
};

type Where = Pick<WaitDetail, 'waitingOn' | 'reason' | 'who'> & { readonly state?: WaitDetail['state'] };

const waitFor =
  ({ id }: Agent, mail: readonly Mail[]) =>
  ({ state = 'waiting', waitingOn, reason, who }: Where): WaitDetail => {
    const what =
      mail.length === 0 ? 'a session' : mail.length === 1 ? 'a message' : `${mail.length} messages`;
    return { subject: { kind: 'agent', id }, state, waitingOn, reason: `${what}: ${reason}`, who };
  };

function inSession({ draft }: Step, { status, name }: Agent): Where {
  if (draft.container.state !== 'running') {
    const reason = `${name} is told when the container runs (it is ${draft.container.state})`;
    return { waitingOn: 'container', reason, who: 'platform' };
  }
  const reason = status === 'waiting' ? `${name} is being told` : `${name} answers one after the other`;
  return { state: 'progressing', waitingOn: 'agent', reason, who: 'agent' };
}

/** After a session that broke the next one waits, longer each time. */
function isCoolingDown(step: Step, mayor: Agent, waiting: ReturnType<typeof waitFor>): boolean {
  const { failures = 0, lastFailedAt, lastProblem } = mayor;
  if (lastFailedAt === undefined) return false;
  const isLong = failures >= LOOK_AFTER;
  const reason = `${failures} sessions of the mayor in a row broke, the last one: ${lastProblem ?? '?'}`;
  const wait = waiting({
    state: isLong ? 'needs_attention' : 'waiting',
    waitingOn: 'cooldown',
    reason,
    who: isLong ? 'human' : 'town',
  });
  return !step.passed(lastFailedAt, dispatchCooldownMs(failures), wait);
}

function start(step: Step, mayor: Agent, messages: number): void {
  const attempt = mayor.attempt + 1;
  const reason = messages === 0 ? 'somebody asked for it' : `${messages} messages wait for it`;
  step.decide({
    subject: { kind: 'agent', id: mayor.id },
    from: 'idle',
    to: 'working',
    reason: `session ${attempt}: ${reason}`,
  });
  step.draft.put('agent', {
    ...mayor,
    status: 'working',
    attempt,
    dispatchedAt: step.now,
    isWanted: undefined,
    repliesTaken: undefined,
  });
}
