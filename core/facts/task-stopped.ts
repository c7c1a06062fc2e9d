import { containerGone } from '../acts/container.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { MessageFact } from './message.ts';

/** The platform says that the task of an epoch has stopped. */
export const applyTaskStopped: ApplyFact<StatementOf<MessageFact, 'task_stopped'>> = (step, fact) => {
  const { container } = step.draft;
  if (fact.epoch !== container.epoch || container.state === 'absent') return 'stale';
  const exit = fact.exitCode === undefined ? '' : ` (exit code ${fact.exitCode})`;
  containerGone(step, `${fact.reason}${exit}`);
  return 'applied';
};
