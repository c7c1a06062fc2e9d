import type { Options } from 'yargs';

/** Of what destroys something. */
export const yes = {
  type: 'boolean',
  default: false,
  describe: 'Do not ask',
} as const satisfies Options;
