/** Keeps the last `maxBytes` of a program's output, for the message when it fails. */
export function createOutputTail(maxBytes: number): { add(chunk: Buffer): void; text(): string } {
  let tail = Buffer.alloc(0);
  return {
    add(chunk) {
      tail = Buffer.concat([tail, chunk]).subarray(-maxBytes);
    },
    text: () => tail.toString('utf8').trim(),
  };
}
