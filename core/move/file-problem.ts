import { TownError } from '../errors.ts';

/** What is wrong with the file of a town. Trying the same file again changes nothing. */
export class FileProblem extends TownError {
  readonly code = 'invalid_input';
  readonly retry = 'never';
  /** From 1; absent: the file as a whole. */
  readonly line: number | undefined;

  constructor(what: string, line?: number, cause?: unknown) {
    super(line === undefined ? `The file cannot be imported: ${what}.` : `Line ${line}: ${what}.`, { cause });
    this.line = line;
  }
}
