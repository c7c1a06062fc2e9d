import { jobRetryMs, LOOK_AFTER } from './backoff.ts';
import type { Rule, RuleAbout } from './rule.ts';

export const about: RuleAbout = {
  when: 'an agent says that its bead is done',
  guards: ['no job is asked for yet', 'the pause after a job that broke is over'],
  decides: ['a job that verifies the branch is asked for'],
  deadline: '5, 10, 20 … at most 120 s after a job that broke; people should look after five',
  reference: ['H-33', 'decision 10'],
};

/** A claim to be done is verified by a job of the container before the bead moves. */
export const verificationJob: Rule = {
  name: 'bead/verify',
  run(step) {
    const { draft } = step;
    for (const bead of draft.all('bead')) {
      const { done } = bead;
      if (done === undefined) continue;
      const subject = { kind: 'bead', id: bead.id } as const;
      const state = 'progressing';
      if (done.jobId !== undefined) {
        const reason = `waits for the verification of ${done.branch}`;
        step.waiting(done.at, { subject, state, waitingOn: 'verification', reason, who: 'platform' });
        continue;
      }
      if (done.lastJobErrorAt !== undefined) {
        const reason = `verification failed ${done.jobErrors} times; trying again`;
        const isLong = done.jobErrors >= LOOK_AFTER;
        const wait = {
          subject,
          state: isLong ? 'needs_attention' : 'waiting',
          waitingOn: 'verification',
          reason,
          who: isLong ? 'human' : 'platform',
        } as const;
        if (!step.passed(done.lastJobErrorAt, jobRetryMs(done.jobErrors), wait)) continue;
      }
      if (!step.hasRoom(1)) return;
      step.decide({ subject, reason: `verification of ${done.branch} asked for` });
      const jobId = `verify.${bead.id}.${bead.attempt}.${bead.doneRefusals}.${done.jobErrors}`;
      draft.put('bead', { ...bead, done: { ...done, jobId } });
    }
  },
};
