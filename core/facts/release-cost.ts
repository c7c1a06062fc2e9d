/** Items that the end of a session writes: its work item, the agent, the attempt, and what was to be said to it. */
export const RELEASE_COST = 7;
