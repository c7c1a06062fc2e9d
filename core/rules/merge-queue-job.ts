import type { Rule, RuleAbout } from './rule.ts';
import { jobRetryMs, LOOK_AFTER } from './backoff.ts';

export const about: RuleAbout = {
  when: 'a merge request is in check, or in a merge by the town itself',
  guards: ['no job is asked for yet', 'the pause after a job that broke is over'],
  decides: ['a job is asked for: trial merge and gates, or the merge'],
  deadline: '5, 10, 20 … at most 120 s after a job that broke; people should look after five',
  reference: ['3.4 R5', 'decision 0002'],
};

/** The stages `checking` and `merging` are done by a job of the container. */
export const mergeQueueJob: Rule = {
  name: 'merge-queue/job',
  run(step) {
    const { draft } = step;
    for (const mr of draft.all('mergeRequest')) {
      const isMerge = mr.stage === 'merging' && mr.pullRequest === undefined;
      if (mr.stage !== 'checking' && !isMerge) continue;
      const subject = { kind: 'mergeRequest', id: mr.id } as const;
      const waitingOn = mr.stage === 'checking' ? 'trial merge and gates' : 'the merge';
      if (mr.jobId !== undefined) {
        const reason = `waits for the ${mr.stage === 'checking' ? 'check' : 'merge'} job of ${mr.branch} into ${mr.target}`;
        step.waiting(mr.stageSince, { subject, state: 'progressing', waitingOn, reason, who: 'platform' });
        continue;
      }
      if (mr.lastJobErrorAt !== undefined) {
        const reason = `the job failed ${mr.jobErrors} times (${mr.lastJobError ?? 'no reason kept'}); trying again`;
        const isLong = mr.jobErrors >= LOOK_AFTER;
        const state = isLong ? 'needs_attention' : 'waiting';
        const wait = { subject, state, waitingOn, reason, who: isLong ? 'human' : 'platform' } as const;
        if (!step.passed(mr.lastJobErrorAt, jobRetryMs(mr.jobErrors), wait)) continue;
      }
      if (!step.hasRoom(1)) return;
      const jobCount = mr.jobCount + 1;
      step.decide({ subject, reason: `${mr.stage} job ${jobCount} asked for` });
      draft.put('mergeRequest', { ...mr, jobCount, jobId: `${mr.stage}.${mr.id}.${jobCount}` });
    }
  },
};
