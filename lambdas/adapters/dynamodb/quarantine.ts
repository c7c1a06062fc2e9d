import type { Quarantined } from '../../../core/attempt.ts';
import type { Instant } from '../../../core/town/instant.ts';
import { toItem } from './items.ts';
import { quarantineKey } from './keys.ts';
import type { Write } from './writes.ts';

const MAX_FACT_BYTES = 64 * 1024;
const MAX_FACT_CHARS_KEPT = 4096;
const MAX_ERROR_CHARS = 2000;

/** An entry for people; sorted by time, and the same again for the same fact of the same step. */
export function quarantineWrite(
  townId: string,
  { source, id, fact, error }: Quarantined,
  at: Instant,
): Write {
  const key = quarantineKey(townId, `${String(at).padStart(15, '0')}-${source}-${id}`);
  const text = JSON.stringify(fact) ?? 'undefined';
  const kept =
    Buffer.byteLength(text) <= MAX_FACT_BYTES
      ? { fact }
      : { fact: text.slice(0, MAX_FACT_CHARS_KEPT), isTrimmed: true };
  const entry = { id, source, ...kept, error: error.slice(0, MAX_ERROR_CHARS), at };
  return { op: 'put', item: { ...toItem(entry), ...key } };
}
