import type { IncomingMessage } from 'node:http';
import { Refusal } from '../refusal.ts';

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** @throws Refusal 413 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Refusal(413, 'Payload Too Large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Undefined: there is none. @throws Refusal 400 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
}
