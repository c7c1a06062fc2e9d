import type { RecordLine } from '../../../core/move/file-format.ts';
import type { Bead } from '../../../core/town/bead.ts';
import { createImportStore } from '../../../lambdas/adapters/dynamodb/imports.ts';
import { newBead } from '../../../lambdas/api/new-bead.ts';
import { startFixture as startApi } from '../api/fixture.ts';
import { countUnits } from './units.ts';

/** Lines that one call writes: it waits for all of them. */
const LINES = 5000;
const ENDED_AT = Date.UTC(2025, 0, 1);

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

/** The whole API, with the units that it uses, and towns that get their archive at once. */
export async function startFixture() {
  const api = await startApi();
  const { document: client, tableName } = api;
  const imports = createImportStore({ client, tableName });
  return {
    ...api,
    units: countUnits(client),
    /** Ended beads without a history; of a thousand one has failed. @returns their ids, in order */
    async archive(townId: string, rigId: string, count: number): Promise<string[]> {
      const beads = Array.from({ length: count }, (_, index) => endedBead(rigId, index));
      const lines = beads.map((record, index): RecordLine => ({
        section: 'archived',
        kind: 'bead',
        // They did not end in the order in which they were made.
        endedAt: ENDED_AT + ((index * 7919) % count),
        record,
      }));
      for (let from = 0; from < count; from += LINES)
        await imports.writeLines(townId, lines.slice(from, from + LINES));
      return beads.map(({ id }) => id);
    },
  };
}

function endedBead(rigId: string, index: number): Bead {
  // Older than all that a test makes: ids are made in the order of time.
  const id = `01900000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
  const made = newBead({ id, rigId, title: `Task ${index}`, createdBy: 'ann' }, undefined, ENDED_AT);
  return { ...made, status: index % 1000 === 999 ? 'failed' : 'closed', closedAt: ENDED_AT };
}
