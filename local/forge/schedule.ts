interface Job {
  readonly at: number;
  readonly order: number;
  readonly run: () => Promise<void> | void;
}

/** What happens later by the forge's own clock: reviewers that take a while, checks that run, webhooks that come late. */
export interface Schedule {
  in(ms: number, run: Job['run']): void;
  /** Runs what is due, oldest first, also what becomes due by it. Returns how many ran. */
  runDue(): Promise<number>;
  /** When the next is due. */
  nextAt(): number | undefined;
  clear(): void;
}

/** More jobs than that in one go are a loop. */
const MAX_RUN = 10_000;

export function createSchedule(now: () => number): Schedule {
  let jobs: Job[] = [];
  let order = 0;
  const first = (): Job | undefined =>
    jobs.reduce<Job | undefined>(
      (best, job) =>
        best === undefined || job.at < best.at || (job.at === best.at && job.order < best.order) ? job : best,
      undefined,
    );
  return {
    in(ms, run) {
      order += 1;
      jobs.push({ at: now() + ms, order, run });
    },
    async runDue() {
      for (let ran = 0; ran < MAX_RUN; ran += 1) {
        const job = first();
        if (job === undefined || job.at > now()) return ran;
        jobs = jobs.filter((other) => other !== job);
        await job.run();
      }
      throw new Error(`more than ${MAX_RUN} jobs are due at once`);
    },
    nextAt: () => first()?.at,
    clear() {
      jobs = [];
    },
  };
}
