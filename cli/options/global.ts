import type { InferredOptionTypes, Options } from 'yargs';

/** Options of every command. */
export const GLOBAL_OPTIONS = {
  url: { type: 'string', requiresArg: true, describe: 'Address of the API' },
  token: { type: 'string', requiresArg: true, describe: 'Access token (better: GASTOWN_TOKEN)' },
  town: { type: 'string', requiresArg: true, describe: 'Id or name of the town' },
  'data-dir': {
    type: 'string',
    requiresArg: true,
    default: '.gastown',
    describe: 'Of the installation on this machine',
  },
  json: { type: 'boolean', default: false, describe: 'Print JSON, for programs' },
} as const satisfies Record<string, Options>;

export type GlobalValues = InferredOptionTypes<typeof GLOBAL_OPTIONS>;
