import { endProcessesOf, type ProcessUser } from './process-user.ts';

/** A free range of user ids; the group ids are the same numbers. */
export interface UserIdRange {
  readonly first: number;
  readonly last: number;
}

/** At most two jobs run at a time (jobs/runner.ts). */
const FOR_JOBS = 2;

/**
 * The users of a task: each agent has its own for as long as the container lives, and each running job has one. So nobody can read or
 * change what is another's or the supervisor's. Without a range everything runs as the supervisor itself, as on one machine.
 */
export interface ProcessUsers {
  /** @throws Error when the range is used up */
  ofAgent(agentId: string): ProcessUser | undefined;
  /** Runs a job as a user that no other job has; what it left running is ended. @throws what `run` throws */
  forJob<Result>(run: (user: ProcessUser | undefined) => Promise<Result>): Promise<Result>;
}

/** Nobody is kept from anything. */
export const ONE_USER: ProcessUsers = { ofAgent: () => undefined, forJob: (run) => run(undefined) };

export function createProcessUsers(range: UserIdRange): ProcessUsers {
  const user = (id: number): ProcessUser => ({ uid: id, gid: id });
  const agents = new Map<string, ProcessUser>();
  const idle = Array.from({ length: FOR_JOBS }, (_, index) => range.first + index);
  let next = range.first + FOR_JOBS;
  return {
    ofAgent(agentId) {
      const known = agents.get(agentId);
      if (known !== undefined) return known;
      if (next > range.last)
        throw new Error(`all user ids up to ${range.last} are taken: the container has to be replaced`);
      const made = user(next);
      next += 1;
      agents.set(agentId, made);
      return made;
    },
    async forJob(run) {
      const id = idle.pop();
      if (id === undefined) throw new Error(`more than ${FOR_JOBS} jobs at a time`);
      try {
        return await run(user(id));
      } finally {
        await endProcessesOf(user(id));
        idle.push(id);
      }
    },
  };
}
