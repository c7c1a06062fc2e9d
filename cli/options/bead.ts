import type { Options } from 'yargs';

/** The bead that a command is about. */
export const beadPositional = {
  bead: { type: 'string', demandOption: true, describe: 'Id, the end of it, or title' },
} as const satisfies Record<string, Options>;
