import type { Options } from 'yargs';
import { wholeNumber } from './number.ts';

const DAY_SECONDS = 86_400;

/** How long a command waits for the town. */
export const timeoutSeconds = (seconds: number) =>
  ({
    type: 'string',
    default: seconds,
    coerce: (value: unknown): number =>
      typeof value === 'number' ? value : wholeNumber('timeout', 1, DAY_SECONDS)(value),
    describe: 'Wait at most so many seconds',
  }) as const satisfies Options;
