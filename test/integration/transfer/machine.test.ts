import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { costsAnswer } from '../../../lambdas/api/transfer/costs.ts';
import { exportAnswer, exportRequested } from '../../../lambdas/api/transfer/exports.ts';
import { importAnswer, importBegun } from '../../../lambdas/api/transfer/imports.ts';
import { chooseModel } from '../../../local/choose-model.ts';
import { createApiClient } from '../../../local/demo/api-client.ts';
import { missingFiles } from '../../../local/demo/main-branch.ts';
import { hopeless, readTown, unfinished } from '../../../local/demo/read-town.ts';
import { createSampleRepository } from '../../../local/demo/sample-repository.ts';
import { setUpTown } from '../../../local/demo/set-up.ts';
import { TASKS } from '../../../local/demo/story.ts';
import { startMachine, type Machine } from '../../../local/machine.ts';

/** Seconds without work before a container stops, as minutes. */
const SLEEP_AFTER_MINUTES = 0.05;

let base: string;
let model: Awaited<ReturnType<typeof chooseModel>>;
let machine: Machine;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'gastown-move-'));
  model = await chooseModel({ isScripted: true, stepDelayMs: 400 });
  machine = await startMachine({
    dataDir: join(base, 'data'),
    port: 0,
    model: model.credentials,
    version: 'test',
  });
}, 60_000);
afterAll(async () => {
  await machine.close();
  await model.close();
  await rm(base, { recursive: true, force: true });
}, 60_000);

async function until<T>(what: string, limitMs: number, probe: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`${what}: not within ${limitMs} ms`);
    await sleep(150);
  }
}

async function call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const { apiUrl, token } = machine.info;
  const response = await fetch(`${apiUrl}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: response.status, body: await response.json() };
}

test('a town that is exported while it works goes on in a second one, on the same repository, until all has landed', async () => {
  const { apiUrl, token } = machine.info;
  const api = createApiClient(apiUrl, token);
  const { remoteUrl } = await createSampleRepository(base);
  const { townId } = await setUpTown(api, remoteUrl, SLEEP_AFTER_MINUTES);
  const first = `/towns/${townId}`;

  const atExport = await until('work in the middle', 120_000, async () => {
    const { beads } = await readTown(api, townId);
    const statuses = beads.map(({ status }) => status);
    const isMidWork = statuses.some((status) => status === 'in_review' || status === 'closed');
    return isMidWork && statuses.some((status) => status !== 'closed') ? beads : undefined;
  });
  const { exportId } = exportRequested.parse(await api.post(`${first}/exports`, {}));
  const { url, counts } = await until('the export', 30_000, async () => {
    const answer = exportAnswer.parse(await api.get(`${first}/exports/${exportId}`));
    expect(answer.state).not.toBe('failed');
    return answer.state === 'ready' ? answer : undefined;
  });
  expect(counts).toMatchObject({ head: 1, config: 1, body: 3 });
  await api.post(`${first}/pause`, {});
  await until('the first town to stand still', 90_000, async () =>
    (await readTown(api, townId)).status.container.state === 'absent' ? true : undefined,
  );
  const file = await fetch(url ?? '', { signal: AbortSignal.timeout(20_000) });
  // The embedded server does not follow it.
  expect(new URL(url ?? '').searchParams.get('response-content-disposition')).toContain('Demo-');
  const text = await file.text();
  expect(text).not.toContain(token);

  const costs = costsAnswer.parse(await api.get(`${first}/costs?by=bead`));
  expect(costs.items.map(({ id }) => atExport.some((bead) => bead.id === id))).not.toContain(false);
  expect(costs.total.inputTokens).toBeGreaterThan(0);
  expect(costs.total.containerMinutes).toBeGreaterThan(0);
  expect((await call('GET', `${first}/costs?by=money`)).status).toBe(400);
  expect(
    (await call('GET', `${first}/costs?by=bead&from=2030-01-01T00:00:00Z&to=2029-01-01T00:00:00Z`)).status,
  ).toBe(400);

  const { importId, uploadUrl } = importBegun.parse(await api.post('/towns/imports', {}));
  const empty = importAnswer.parse(await api.get(`/towns/imports/${importId}`));
  expect(empty).toMatchObject({ state: 'waiting', detail: expect.stringContaining('PUT') });
  const put = await fetch(uploadUrl, { method: 'PUT', body: text, signal: AbortSignal.timeout(20_000) });
  expect(put.status).toBe(200);
  const imported = await until('the import', 30_000, async () => {
    const answer = importAnswer.parse(await api.get(`/towns/imports/${importId}`));
    expect(answer.error).toBeUndefined();
    return answer.state === 'ready' ? answer : undefined;
  });
  const secondId = imported.townId ?? '';
  const second = `/towns/${secondId}`;
  expect((await call('GET', second)).body).toMatchObject({ lifecycle: 'paused', name: 'Demo' });

  await api.post(`${second}/resume`, {});
  await until('the second town to land its convoy', 240_000, async () => {
    const snapshot = await readTown(api, secondId);
    expect(hopeless(snapshot)).toBeUndefined();
    return unfinished(snapshot) === undefined ? true : undefined;
  });
  const files = TASKS.map((task) => task.file);
  expect(await missingFiles(remoteUrl, 'main', files)).toEqual([]);
  const { status, convoys } = await readTown(api, townId);
  expect(convoys[0]?.state, 'the first town did nothing more').toBe('active');
  expect(status.container.state).toBe('absent');

  const deleted = await call('DELETE', second);
  expect([deleted.status, deleted.body]).toMatchObject([202, { lifecycle: 'deleting' }]);
  const late = await call('POST', `${second}/pause`, {});
  expect([404, 409]).toContain(late.status);
  await until('the second town to be gone', 60_000, async () =>
    (await call('GET', second)).status === 404 ? true : undefined,
  );
  const towns = z
    .looseObject({ items: z.array(z.looseObject({ id: z.string() })) })
    .parse((await call('GET', '/towns')).body);
  expect(towns.items.map(({ id }) => id)).toEqual([townId]);
}, 600_000);

test('what is not there or not a file is said so', async () => {
  const nowhere = '019b8d3c-7a00-7c3e-8f14-2f6f6c1f9a01';
  for (const path of [
    `/towns/imports/${nowhere}`,
    `/towns/${nowhere}/exports/${nowhere}`,
    `/towns/${nowhere}/costs?by=agent`,
  ])
    expect([path, (await call('GET', path)).status]).toEqual([path, 404]);
  expect((await call('DELETE', `/towns/${nowhere}`)).status).toBe(404);
  expect((await call('POST', `/towns/${nowhere}/exports`, {})).status).toBe(404);
  expect((await call('POST', '/towns/imports', { townId: nowhere })).status).toBe(400);
  const { importId, uploadUrl } = importBegun.parse((await call('POST', '/towns/imports', {})).body);
  await fetch(uploadUrl, { method: 'PUT', body: 'not a town', signal: AbortSignal.timeout(20_000) });
  const answer = await until('the refusal', 30_000, async () => {
    const { body } = await call('GET', `/towns/imports/${importId}`);
    const parsed = importAnswer.parse(body);
    return parsed.state === 'failed' ? parsed : undefined;
  });
  expect(answer.error).toMatchObject({ line: 1, message: expect.stringContaining('as it was exported') });
}, 60_000);
