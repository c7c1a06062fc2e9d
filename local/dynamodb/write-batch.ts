import type { BatchOperation, Level } from './dynalite-types.ts';

/** Everything that one request writes, index entries included: LevelDB takes it whole or not at all. */
export class WriteBatch {
  readonly #operations: BatchOperation[] = [];

  put(key: string, value: unknown): void {
    this.#operations.push({ type: 'put', key, value });
  }

  del(key: string): void {
    this.#operations.push({ type: 'del', key });
  }

  async commit(level: Level): Promise<void> {
    if (this.#operations.length > 0) await level.batch(this.#operations);
  }
}
