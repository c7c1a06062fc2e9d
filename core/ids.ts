import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { UUID } from 'uuidv7';
import type { Instant } from './town/instant.ts';

/** Ids for one step: the same seed and instant give the same ids, so a recorded step can be replayed. */
export interface Ids {
  readonly seed: string;
  next(): string;
}

/**
 * UUIDv7 whose random part is derived from `seed`.
 * @param seed at least 128 random bits, made by the caller; kept in the log.
 */
export function createIds(seed: string, now: Instant): Ids {
  let count = 0;
  return {
    seed,
    next() {
      const bytes = sha256(utf8ToBytes(`${seed}:${count++}`));
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const randA = view.getUint16(0) & 0xfff;
      const randBHi = view.getUint32(2) & 0x3fffffff;
      return UUID.fromFieldsV7(now, randA, randBHi, view.getUint32(6)).toString();
    },
  };
}

/** Eight characters that tell records apart in a branch name: the end of a UUIDv7 is random, its beginning is the time. */
export const shortId = (id: string): string => id.replaceAll('-', '').slice(-8);
