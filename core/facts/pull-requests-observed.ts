import { applyReport } from '../acts/pull-request-reports.ts';
import type { ApplyFact, StatementOf } from './fact.ts';
import type { MessageFact } from './message.ts';

/** Pull requests were looked at because a forge said so, or because all are looked at now and then. */
export const applyPullRequestsObserved: ApplyFact<StatementOf<MessageFact, 'pull_requests_observed'>> = (
  step,
  fact,
) => {
  for (const report of fact.reports) applyReport(step, report, fact.via === 'webhook');
  return 'applied';
};
