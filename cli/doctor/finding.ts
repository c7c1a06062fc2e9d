/** What one check has found out. */
export interface Finding {
  /** `problem`: something does not work or waits for a person; `note`: good to know. */
  readonly level: 'ok' | 'note' | 'problem';
  readonly what: string;
  /** What to do about it, as a command line where there is one. */
  readonly advice?: string;
}

export const ok = (what: string): Finding => ({ level: 'ok', what });
export const note = (what: string, advice?: string): Finding => ({
  level: 'note',
  what,
  ...(advice === undefined ? {} : { advice }),
});
export const problem = (what: string, advice?: string): Finding => ({
  level: 'problem',
  what,
  ...(advice === undefined ? {} : { advice }),
});
