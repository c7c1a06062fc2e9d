/** Parts of a multipart upload: S3 wants at least 5 MiB of all but the last, and takes 10,000. */
export const PART_BYTES = 8 * 1024 * 1024;

/** A text as UTF-8 in parts of at least `partBytes`; only the last one is shorter. */
export async function* textParts(
  text: AsyncIterable<string>,
  partBytes: number = PART_BYTES,
): AsyncGenerator<Uint8Array> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of text) {
    const bytes = Buffer.from(piece);
    pieces.push(bytes);
    length += bytes.length;
    if (length < partBytes) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(pieces);
}
