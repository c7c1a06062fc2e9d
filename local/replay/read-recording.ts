import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { LineParser } from '../../core/move/line-parser.ts';
import { Recording } from '../../core/replay/recording.ts';
import type { RecordedTown } from '../../core/replay/rebuild.ts';
import { fileLines } from '../../lambdas/worker/file-lines.ts';

/**
 * Reads an exported town, gzipped or not.
 * @throws FileProblem for a line that is none of an exported town; what the file system or gzip says
 */
export async function readRecording(path: string): Promise<RecordedTown> {
  const file = createReadStream(path);
  const pieces = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  // An error of the file does not reach what it is piped into.
  if (pieces !== file) file.on('error', (error) => pieces.destroy(error));
  const parser = new LineParser();
  const recording = new Recording();
  for await (const { text, bytes } of fileLines(pieces)) {
    const parsed = parser.next(text, bytes);
    if (parsed.type === 'record') recording.take(parsed.line);
  }
  parser.finish();
  return recording.town();
}
