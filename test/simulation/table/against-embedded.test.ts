import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TownError } from '../../../core/errors.ts';
import { startEmbeddedDynamoDb, type EmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { subjectAt, type StoreSubject } from '../../contract/store/subject.ts';
import { operations, type Operation, type Reader } from './operations.ts';
import { modelSubject } from './subject.ts';

const RUNS = 40;
const LENGTH = 25;
/** Of all sequences; a failure is made smaller for as long. */
const LIMIT_MS = 50_000;
let sequences = 0;

type Answer = { readonly ok: unknown } | { readonly error: string; readonly text?: string };

/** Ids are the same on both, so what the town says is the same to the word; other errors have the service's name at least. */
async function answerOf(operation: Operation, reader: Reader): Promise<Answer> {
  try {
    return { ok: await operation.run(reader) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { error: error.name, ...(error instanceof TownError ? { text: error.message } : {}) };
  }
}

/** Every item of the towns of a sequence, and of their owners. */
async function itemsOf({ items }: StoreSubject, names: string) {
  const partitions = ['t1', 't2'].map((town) => `TOWN#${names}-${town}`);
  const found = await Promise.all([...partitions, `OWNER#${names}-owner`, `OWNER#org/${names}`].map(items));
  return found.map((partition) => [...partition]);
}

describe('the model of the table and the embedded server', () => {
  let server: EmbeddedDynamoDb | undefined;
  let embedded: StoreSubject | undefined;
  beforeAll(async () => {
    server = await startEmbeddedDynamoDb();
    embedded = await subjectAt(server.endpoint);
  });
  afterAll(() => server?.close());

  it('give the same answers to any sequence of operations, and have the same items in the end', async () => {
    if (embedded === undefined) throw new Error('there is no server');
    const real = embedded;
    const model = await modelSubject();
    const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
    const seen = { ok: 0, errors: new Map<string, number>(), items: 0 };
    const property = fc.asyncProperty(operations(LENGTH), async (sequence) => {
      const names = `differential-${(sequences += 1)}`;
      const readers = [model, real].map(({ store }): Reader => ({ store, names, read: new Map() }));
      for (const operation of sequence) {
        const [ofModel, ofReal] = await Promise.all(readers.map((reader) => answerOf(operation, reader)));
        expect({ [operation.name]: ofModel }).toEqual({ [operation.name]: ofReal });
        if (ofModel === undefined) continue;
        if ('ok' in ofModel) seen.ok += 1;
        else seen.errors.set(ofModel.error, (seen.errors.get(ofModel.error) ?? 0) + 1);
      }
      const [ofModel, ofReal] = [await itemsOf(model, names), await itemsOf(real, names)];
      expect(ofModel).toEqual(ofReal);
      seen.items += ofReal.flat().length;
    });
    await fc.assert(property, {
      numRuns: RUNS,
      seed,
      interruptAfterTimeLimit: LIMIT_MS,
      markInterruptAsFailure: true,
    });
    console.log('model against server', { seed, ...seen });
    // Without towns, stale writes and taken ids there would be nothing to tell apart.
    expect(seen.ok).toBeGreaterThan((RUNS * LENGTH) / 3);
    expect(seen.items).toBeGreaterThan(5 * RUNS);
    expect([...seen.errors.keys()]).toEqual(expect.arrayContaining(['VersionConflict', 'Conflict']));
  }, 180_000);
});
