import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportPrefix } from '../../../core/move/export-record.ts';
import { importKey } from '../../../core/move/import-record.ts';
import { townPk } from '../../../lambdas/adapters/dynamodb/keys.ts';
import { importTown } from '../../../lambdas/worker/import-town.ts';
import { FOREIGN_ID, makeTown, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const liveOf = async (townId: string | undefined) => {
  const town = await fixture.store.live(townId ?? '');
  if (town === undefined) throw new Error('there is no such town');
  return town;
};

describe('a town that was exported and imported', () => {
  test('is the same town with new ids, another owner, and nothing at work', async () => {
    const made = await makeTown(fixture);
    const old = await liveOf(made.townId);
    expect(old.outbox.size, 'the old town has a container that is starting').toBe(1);
    const lines = await fixture.exported(made.townId);
    const record = await fixture.imported(`${lines.join('\n')}\n`, { orgIds: ['org-2'] });
    expect(record).toMatchObject({ state: 'ready', secretsLeftOut: ['gitAuth.githubToken'] });
    const town = await liveOf(record.townId);

    expect(town.head).toMatchObject({ name: 'Gas', ownerId: 'importer', lifecycle: 'paused' });
    expect(town.head.orgId, 'the importer is not in that organisation').toBeUndefined();
    expect(town.container).toMatchObject({ state: 'absent', epoch: 0 });
    expect([town.outbox.size, town.inbox.length]).toEqual([0, 0]);
    expect(town.config).toEqual({ rev: 1, refinery: { gates: ['true'] } });
    expect((await fixture.store.towns('importer')).map(({ id }) => id)).toContain(record.townId);

    const beads = [...town.live.bead.values()];
    const named = (title: string) => beads.find((bead) => bead.title === title);
    const first = named('First');
    expect(first).toMatchObject({ status: 'open', attempt: 1, attemptBase: 1, createdBy: 'maker' });
    expect(first?.branch, 'the work goes on on the same branch').toBe(
      old.live.bead.get(made.first.id)?.branch,
    );
    expect(named('Second')?.dependsOn).toEqual([{ id: first?.id, outcome: 'open' }]);
    const lone = named(`After ${first?.id}`);
    const body = await fixture.store.body(record.townId ?? '', lone?.id ?? '');
    expect(body).toBe(`What ${first?.id} left open. Not ours: ${FOREIGN_ID}. Umlaute: äöü.`);
    expect([...town.live.agent.values()].map(({ status, hook }) => [status, hook])).toEqual(
      [...old.live.agent.values()].map(() => ['idle', undefined]),
    );
    const ended = await fixture.store.archivedOf(record.townId ?? '', 'bead');
    expect(ended.map(({ title, status }) => [title, status])).toEqual([['Cancelled', 'closed']]);

    const log = await fixture.store.log(record.townId ?? '', 10);
    expect(log[0]?.decisions[0]).toMatchObject({ rule: 'api/import', to: 'paused' });
    expect(log.length).toBe((await fixture.store.log(made.townId, 10)).length + 1);

    const oldIds = [made.townId, made.rigId, made.convoyId, made.first.id, made.second.id, made.cancelled.id];
    const newItems = JSON.stringify(
      (await fixture.items()).filter((item) => item['pk'] === townPk(record.townId ?? '')),
    );
    for (const id of oldIds) expect(newItems).not.toContain(id);
  });

  test('repeated, the import writes the same items, and never over a town that went on', async () => {
    const made = await makeTown(fixture);
    const file = `${(await fixture.exported(made.townId)).join('\n')}\n`;
    const failure = new Error('the worker was killed');
    let writes = 0;
    let openings = 0;
    const { imports } = fixture.deps;
    const deps = {
      ...fixture.deps,
      imports: {
        ...imports,
        async writeLines(...args: Parameters<typeof imports.writeLines>) {
          await imports.writeLines(...args);
          writes += 1;
          if (writes === 1) throw failure;
        },
        async openTown(...args: Parameters<typeof imports.openTown>) {
          await imports.openTown(...args);
          openings += 1;
          throw failure;
        },
      },
    };
    const importId = uuidv7();
    const times = { createdAt: fixture.clock.now, updatedAt: fixture.clock.now, expiresAt: 9e9 };
    await deps.imports.addImport('twice', { id: importId, state: 'waiting', orgIds: [], ...times });
    await fixture.upload(importKey(importId), file);
    await expect(importTown(deps, 'twice', importId), 'killed after the records').rejects.toBe(failure);
    expect(await fixture.store.towns('twice'), 'nothing is visible').toEqual([]);
    await expect(importTown(deps, 'twice', importId), 'killed after the head').rejects.toBe(failure);
    const [head] = await fixture.store.towns('twice');
    const count = (await fixture.items()).length;
    await fixture.step(head?.id ?? '');
    await importTown(deps, 'twice', importId);
    expect(await deps.imports.importOf('twice', importId)).toMatchObject({
      state: 'ready',
      townId: head?.id,
    });
    expect((await fixture.store.towns('twice')).length).toBe(1);
    expect((await fixture.items()).length - count, 'only what the town itself wrote').toBeLessThanOrEqual(2);
    expect(openings, 'a town that is there is not opened again').toBe(1);
  });
});

test('an export is one file of the town, without secrets, its settings without their versions', async () => {
  const made = await makeTown(fixture);
  const lines = await fixture.exported(made.townId);
  const [header, ...records] = lines.map((line): Record<string, unknown> => JSON.parse(line));
  expect(header).toMatchObject({
    format: 'gastown-town',
    version: 1,
    secretsLeftOut: ['gitAuth.githubToken'],
  });
  const sections = records.map(({ section }) => section);
  expect([...new Set(sections)]).toEqual(['head', 'config', 'live', 'archived', 'body', 'log', 'end']);
  expect(lines.join('\n')).not.toMatch(/OUTBOX|v1/);
  // The log alone says what steps were decided on, for replays.
  const others = lines.filter((line) => !line.startsWith('{"section":"log"'));
  expect(others.join('\n')).not.toMatch(/run_task|"desired"/);
  expect(await fixture.objectKeys()).toContainEqual(expect.stringContaining(exportPrefix(made.townId)));
});
