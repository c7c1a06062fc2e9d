import type { Options } from 'yargs';

/** Of what is made in a rig. */
export const rigOption = {
  type: 'string',
  describe: 'Id or name of the repository; not needed when there is one',
} as const satisfies Options;
