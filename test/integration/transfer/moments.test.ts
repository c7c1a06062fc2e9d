import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EffectMessage } from '../../../core/effects.ts';
import { NotFound, Unavailable } from '../../../core/errors.ts';
import { IMPORT_CLAIM_MS, importKey, type ImportRecord } from '../../../core/move/import-record.ts';
import type { TownStore } from '../../../core/ports.ts';
import { readImport } from '../../../lambdas/api/transfer/imports.ts';
import { exportTown } from '../../../lambdas/worker/export-town.ts';
import { importTown } from '../../../lambdas/worker/import-town.ts';
import { beadOf, makeTown, NOW, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
let file: string;
beforeAll(async () => {
  fixture = await startFixture();
  file = (await fixture.exported((await makeTown(fixture)).townId)).join('\n');
});
afterAll(() => fixture.close());

const CALLER = { id: 'asker', orgIds: [] };
const LATER = NOW + IMPORT_CLAIM_MS;

async function asked(change: Partial<ImportRecord>, isUploaded: boolean) {
  const id = uuidv7();
  const times = { createdAt: NOW, updatedAt: NOW, expiresAt: NOW / 1000 + 60 };
  await fixture.deps.imports.addImport(CALLER.id, { id, state: 'waiting', orgIds: [], ...times, ...change });
  if (isUploaded) await fixture.upload(importKey(id), file);
  const sent: EffectMessage[] = [];
  const effects = { send: async (messages: readonly EffectMessage[]) => void sent.push(...messages) };
  const answer = await readImport({ ...fixture.deps, effects }, CALLER, id);
  return { answer, sent: sent.length };
}

describe('who asks how an import stands makes it go on', () => {
  /** Situation, record, whether the file is there, what is said, messages sent, and why. */
  const rows: readonly [string, Partial<ImportRecord>, boolean, object, number][] = [
    ['nothing was uploaded: nothing to do', {}, false, { state: 'waiting', detail: /^the file/ }, 0],
    ['it was uploaded, and nobody has begun', {}, true, { state: 'waiting', detail: /^a worker$/ }, 1],
    [
      'a try failed: the next one is asked for, with the reason',
      { lastError: 'busy' },
      true,
      { detail: /busy/ },
      1,
    ],
    ['a worker has it', { state: 'running', claimedUntil: LATER }, true, { state: 'running' }, 0],
    [
      'the worker that had it was lost',
      { state: 'running', claimedUntil: NOW },
      true,
      { state: 'running' },
      1,
    ],
    ['it is done', { state: 'ready', townId: 'x' }, true, { state: 'ready', townId: 'x' }, 0],
    ['it failed', { state: 'failed', error: { message: 'm', line: 3 } }, true, { error: { line: 3 } }, 0],
  ];
  test.each(rows)('%s', async (_, record, isUploaded, { detail, ...said }: { detail?: RegExp }, messages) => {
    const { answer, sent } = await asked(record, isUploaded);
    expect(answer).toMatchObject(said);
    expect(answer.detail ?? '').toMatch(detail ?? /.*/);
    expect(sent).toBe(messages);
  });

  test('an import that is over its time, or of somebody else, is not there', async () => {
    await expect(asked({ expiresAt: NOW / 1000 }, false)).rejects.toThrow(NotFound);
    const effects = { send: async () => {} };
    const { id } = await fixture.imported(file, { ownerId: 'somebody' });
    await expect(readImport({ ...fixture.deps, effects }, CALLER, id)).rejects.toThrow(NotFound);
  });
});

test('of any number of workers one makes the town', async () => {
  const id = uuidv7();
  const times = { createdAt: NOW, updatedAt: NOW, expiresAt: NOW / 1000 + 60 };
  await fixture.deps.imports.addImport('crowd', { id, state: 'waiting', orgIds: ['org-1'], ...times });
  await fixture.upload(importKey(id), file);
  let opened = 0;
  const { imports } = fixture.deps;
  const counting = {
    ...imports,
    async openTown(...args: Parameters<typeof imports.openTown>) {
      opened += 1;
      await imports.openTown(...args);
    },
  };
  const deps = { ...fixture.deps, imports: counting };
  await Promise.all(Array.from({ length: 5 }, () => importTown(deps, 'crowd', id)));
  expect(opened).toBe(1);
  const [head] = await fixture.store.towns('crowd');
  expect(head?.orgId, 'the importer is in that organisation').toBe('org-1');
  const seen = await fixture.store.towns('a colleague', ['org-1']);
  expect(seen.map(({ id: townId }) => townId)).toContain(head?.id);
  expect(await fixture.deps.objects.describe(importKey(id)), 'the upload is not kept').toBeUndefined();
});

test('a record that the database refuses leaves nothing behind', async () => {
  const refused = Object.assign(new Error('too deep'), { name: 'ValidationException' });
  const { imports } = fixture.deps;
  let townId = '';
  const refusing = {
    ...imports,
    async writeLines(id: string, lines: Parameters<typeof imports.writeLines>[1]) {
      townId = id;
      await imports.writeLines(id, lines);
      throw refused;
    },
  };
  const id = uuidv7();
  const times = { createdAt: NOW, updatedAt: NOW, expiresAt: NOW / 1000 + 60 };
  await imports.addImport('unlucky', { id, state: 'waiting', orgIds: [], ...times });
  await fixture.upload(importKey(id), file);
  await importTown({ ...fixture.deps, imports: refusing }, 'unlucky', id);
  expect(await imports.importOf('unlucky', id)).toMatchObject({ state: 'failed' });
  expect(townId).not.toBe('');
  expect((await fixture.items()).filter(({ pk }) => pk === `TOWN#${townId}`)).toEqual([]);
});

/** Exports with a store whose `load` is followed by something that somebody else does. */
async function exportedWhile(townId: string, meanwhile: (load: number) => Promise<void>) {
  let loads = 0;
  const store: Pick<TownStore, 'head' | 'load'> = {
    head: (id) => fixture.store.head(id),
    async load(head) {
      const town = await fixture.store.load(head);
      await meanwhile((loads += 1));
      return town;
    },
  };
  const exportId = uuidv7();
  await exportTown({ ...fixture.deps, store }, townId, exportId);
  return { exportId, loads };
}

describe('an export shows one moment', () => {
  test('a town that was written to while it was read is read again', async () => {
    const { townId, rigId } = await makeTown(fixture);
    const { loads, exportId } = await exportedWhile(townId, async (load) => {
      if (load === 1) await fixture.store.addBead(townId, beadOf(rigId, { title: 'Late' }), undefined);
    });
    expect(loads).toBe(2);
    expect(await fixture.deps.exports.exportOf(townId, exportId)).toMatchObject({ state: 'ready' });
  });

  test('one that never stands still is tried again later, and says so', async () => {
    const { townId, rigId } = await makeTown(fixture);
    const busy = exportedWhile(townId, () => fixture.store.addBead(townId, beadOf(rigId), undefined));
    await expect(busy).rejects.toThrow(Unavailable);
    const records = (await fixture.items()).filter(
      ({ pk, sk }) => pk === `TOWN#${townId}` && String(sk).startsWith('EXPORT#'),
    );
    expect(records).toMatchObject([{ state: 'running', error: expect.stringContaining('changes too fast') }]);
  });

  test('a bead that ended since is in it once, as it was', async () => {
    const { townId, lone } = await makeTown(fixture);
    const { archivedLines } = fixture.deps.exports;
    const deps = {
      ...fixture.deps,
      exports: {
        ...fixture.deps.exports,
        async *archivedLines(id: string) {
          const statement = { type: 'bead_cancelled', beadId: lone.id, as: 'failed', by: 'x' } as const;
          await fixture.store.addInbox(townId, { id: uuidv7(), at: NOW, statement });
          await fixture.step(townId);
          yield* archivedLines(id);
        },
      },
    };
    const exportId = uuidv7();
    await exportTown(deps, townId, exportId);
    const key = (await fixture.deps.exports.exportOf(townId, exportId))?.key ?? '';
    const etag = (await fixture.deps.objects.describe(key))?.etag ?? '';
    let text = '';
    for await (const piece of fixture.deps.objects.read(key, etag)) text += Buffer.from(piece).toString();
    const ofIt = text
      .trimEnd()
      .split('\n')
      .map((line): { section?: string; record?: { id?: string } } => JSON.parse(line))
      .filter(({ record }) => record?.id === lone.id);
    expect(ofIt.map(({ section }) => section)).toEqual(['live']);
    expect((await fixture.imported(text)).state).toBe('ready');
  });

  test('an ended bead that came back while it was read makes the town be read again', async () => {
    const { townId, cancelled } = await makeTown(fixture);
    const ended = await fixture.store.archived(townId, 'bead', cancelled.id);
    if (ended === undefined) throw new Error('it has not ended');
    const { archivedLines } = fixture.deps.exports;
    const reopening = {
      ...fixture.deps,
      exports: {
        ...fixture.deps.exports,
        async *archivedLines(id: string) {
          const statement = { type: 'bead_reopened', bead: ended, by: 'x' } as const;
          await fixture.store.addInbox(townId, { id: uuidv7(), at: NOW, statement });
          await fixture.step(townId);
          yield* archivedLines(id);
        },
      },
    };
    const exportId = uuidv7();
    await expect(exportTown(reopening, townId, exportId)).rejects.toThrow(/reopened/);
    await exportTown(fixture.deps, townId, exportId);
    expect(await fixture.deps.exports.exportOf(townId, exportId)).toMatchObject({ state: 'ready' });
  });
});
