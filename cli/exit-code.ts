/** What a script can rely on. */
export const EXIT = {
  done: 0,
  /** The API refused, what was named is not there, or `doctor` found something. */
  refused: 1,
  /** The command line is wrong: nothing was sent. */
  usage: 2,
  /** There is no answer. */
  unreachable: 3,
  /** Ctrl-C, as shells have it: 128 and the number of the signal. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
