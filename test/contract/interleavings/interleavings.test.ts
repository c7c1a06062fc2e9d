import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TownStore } from '../../../core/ports.ts';
import { startEmbeddedDynamoDb, type EmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { createTownStore } from '../../../lambdas/adapters/dynamodb/store.ts';
import { ModelTable } from '../../simulation/table/model-table.ts';
import { subjectAt, type StoreSubject } from '../store/subject.ts';
import type { Tally } from './kept.ts';
import { lenient } from './lenient.ts';
import { interleavings } from './property.ts';

const storeOn = (client: ModelTable['client']): TownStore =>
  createTownStore({ client, tableName: 'model', codeVersion: 'test' });

const RUNS = 120;
const RUNS_OVER_HTTP = 5;

const none = (): Tally => ({ commits: 0, lost: 0, statements: 0 });

/** Every run has several rounds in which two reconcilers meet, and agents and people that state something. */
function hasRaces(tally: Tally, runs: number): boolean {
  console.log('interleavings', { runs, ...tally });
  return tally.lost > runs / 3 && tally.statements > runs && tally.commits > 5 * runs;
}

/** Two conditions of a commit keep a version from being made twice; without the first one, statements are lost and doubled all the same. */
const LACKS = [
  { lacks: 'head', broken: 'a statement is applied once' },
  { lacks: 'head and log', broken: 'a version is committed once' },
] as const;

describe('on the model of the table', () => {
  it('whatever the order of the calls, all is done once and nothing is lost', async () => {
    const tally = none();
    await fc.assert(
      interleavings(() => storeOn(new ModelTable().client), tally),
      { numRuns: RUNS },
    );
    expect(hasRaces(tally, RUNS)).toBe(true);
  }, 180_000);

  it.each(LACKS)(
    'a store whose commits look at no $lacks is found out: it is not true that $broken',
    async ({ lacks, broken }) => {
      const result = await fc.check(
        interleavings(
          () => {
            const { client } = new ModelTable();
            return { ...storeOn(client), commit: storeOn(lenient(client, lacks)).commit };
          },
          none(),
          broken,
        ),
        { numRuns: RUNS, seed: 1, endOnFailure: true },
      );
      expect(result.failed).toBe(true);
      expect(result.errorInstance).toMatchObject({ promise: broken });
    },
    180_000,
  );
});

describe('on the embedded server', () => {
  let server: EmbeddedDynamoDb | undefined;
  let subject: StoreSubject | undefined;
  beforeAll(async () => {
    server = await startEmbeddedDynamoDb();
    subject = await subjectAt(server.endpoint);
  });
  afterAll(() => server?.close());

  it('whatever the order of the calls, all is done once and nothing is lost', async () => {
    const tally = none();
    await fc.assert(
      interleavings(() => {
        if (subject === undefined) throw new Error('there is no store yet');
        return subject.store;
      }, tally),
      { numRuns: RUNS_OVER_HTTP, endOnFailure: true },
    );
    expect(hasRaces(tally, RUNS_OVER_HTTP)).toBe(true);
  }, 180_000);
});
