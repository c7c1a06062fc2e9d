import type { Options } from 'yargs';

/** The agent that a command is about. */
export const agentPositional = {
  agent: { type: 'string', demandOption: true, describe: 'Id, the end of it, or name' },
} as const satisfies Record<string, Options>;
