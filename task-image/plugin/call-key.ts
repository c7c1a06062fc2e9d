import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { uuidv7 } from 'uuidv7';

/** Hex digits of the hash that tells calls of one turn apart. */
const HASH_DIGITS = 32;

/**
 * What a call is known by to the town. In a turn that answers a message, it is the message and what is asked for: a later session
 * that answers the same message in the same way makes nothing twice. Else it is new for each call, and the same for its tries.
 * @param turnFile holds the id of the message that the running turn answers; absent or not there: none
 */
export async function callKeyOf(turnFile: string | undefined, path: string, body: unknown): Promise<string> {
  const messageId = turnFile === undefined ? '' : await readFile(turnFile, 'utf8').catch(() => '');
  if (messageId === '') return uuidv7();
  const asked = JSON.stringify([path, body]);
  return `${messageId}.${createHash('sha256').update(asked).digest('hex').slice(0, HASH_DIGITS)}`;
}
