import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { UUID } from 'uuidv7';

const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUIDS_IN_TEXT = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export const isUuid = (text: string): boolean => UUID_TEXT.test(text);

/** Whose ids these are is not the town's to change. */
const KEPT = new Set([
  'createdBy',
  'by',
  'acknowledgedBy',
  'ownerId',
  'orgId',
  'lifecycleBy',
  'integrationId',
]);
const REFERENCE = /^id$|Id$/;

/**
 * New ids for the records of an imported town: made of the import's id and the old id, so that the same import makes the
 * same records when it is repeated. They keep the old one's time, and with it the order in which records were made.
 */
export class NewIds {
  readonly #importId: string;
  readonly #known: ReadonlySet<string>;

  /** @param known ids of the town's records: these are replaced wherever they are spoken of */
  constructor(importId: string, known: ReadonlySet<string>) {
    this.#importId = importId;
    this.#known = known;
  }

  of(oldId: string): string {
    const bytes = sha256(utf8ToBytes(`${this.#importId}:${oldId}`));
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const timeMs = Number.parseInt(oldId.replaceAll('-', '').slice(0, 12), 16);
    const randA = view.getUint16(0) & 0xfff;
    const randBHi = view.getUint32(2) & 0x3fffffff;
    return UUID.fromFieldsV7(timeMs, randA, randBHi, view.getUint32(6)).toString();
  }

  /**
   * The record with new ids. A reference (`id`, `rigId` …) is replaced whatever it names, so that nothing of the new town
   * points into another one; in texts, what is known to be a record of this town.
   */
  in<T>(record: T): T {
    return this.#replaced(record, '') as T;
  }

  #replaced(value: unknown, name: string): unknown {
    if (typeof value === 'string') return this.#text(value, name);
    if (Array.isArray(value)) return value.map((member) => this.#replaced(member, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, this.#replaced(member, key)]),
    );
  }

  #text(text: string, name: string): string {
    if (KEPT.has(name)) return text;
    if (REFERENCE.test(name) && isUuid(text)) return this.of(text);
    return text.replaceAll(UUIDS_IN_TEXT, (found) => (this.#known.has(found) ? this.of(found) : found));
  }
}
