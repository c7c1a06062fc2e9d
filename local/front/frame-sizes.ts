/**
 * Looks at the bytes of a client's WebSocket stream and says when a frame begins that is larger than `maxBytes`. The `ws` package
 * knows messages only. Source of the format: RFC 6455, section 5.2.
 */
export function createFrameWatch(maxBytes: number, onTooLarge: () => void): (chunk: Buffer) => void {
  /** Bytes of the payload and its mask that are still to come before the next header. */
  let toSkip = 0;
  let header = Buffer.alloc(0);
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (toSkip > 0) {
        const skipped = Math.min(toSkip, chunk.length - at);
        toSkip -= skipped;
        at += skipped;
        continue;
      }
      header = Buffer.concat([header, chunk.subarray(at, at + 1)]);
      at += 1;
      const frame = frameOf(header);
      if (frame === undefined) continue;
      header = Buffer.alloc(0);
      toSkip = frame.maskBytes + frame.payloadBytes;
      if (frame.payloadBytes > maxBytes) onTooLarge();
    }
  };
}

/** Undefined: the header is not whole yet. */
function frameOf(header: Buffer): { maskBytes: number; payloadBytes: number } | undefined {
  const second = header[1];
  if (second === undefined) return undefined;
  const maskBytes = (second & 0x80) === 0 ? 0 : 4;
  const short = second & 0x7f;
  if (short < 126) return { maskBytes, payloadBytes: short };
  if (short === 126) {
    return header.length < 4 ? undefined : { maskBytes, payloadBytes: header.readUInt16BE(2) };
  }
  return header.length < 10 ? undefined : { maskBytes, payloadBytes: Number(header.readBigUInt64BE(2)) };
}
