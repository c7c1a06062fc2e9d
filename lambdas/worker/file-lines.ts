import { MAX_LINE_BYTES } from '../../core/move/file-format.ts';
import { FileProblem } from '../../core/move/file-problem.ts';

const NEWLINE = 0x0a;

export interface FileLine {
  readonly text: string;
  /** Without its end. */
  readonly bytes: number;
}

/**
 * The lines of a file as it arrives; no more than one line and one piece of the file is in memory.
 * @throws FileProblem for a line that is too long, or that is not UTF-8
 */
export async function* fileLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<FileLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let waiting: Uint8Array[] = [];
  let length = 0;
  let number = 1;
  const take = (piece: Uint8Array): void => {
    length += piece.length;
    if (length > MAX_LINE_BYTES) throw new FileProblem(`it is longer than ${MAX_LINE_BYTES} bytes`, number);
    waiting.push(piece);
  };
  const finish = (): FileLine => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    length = 0;
    try {
      return { text: decoder.decode(bytes), bytes: bytes.length };
    } catch {
      throw new FileProblem('it is not text in UTF-8', number);
    }
  };
  for await (const piece of pieces) {
    let from = 0;
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, from)) {
      take(piece.subarray(from, at));
      from = at + 1;
      yield finish();
      number += 1;
    }
    take(piece.subarray(from));
  }
  if (length > 0) yield finish();
}
