import type { Options } from 'yargs';

/** The convoy that a command is about. */
export const convoyPositional = {
  convoy: { type: 'string', demandOption: true, describe: 'Id, the end of it, or title' },
} as const satisfies Record<string, Options>;
