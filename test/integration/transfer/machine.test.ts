import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importAnswer, importBegun } from '../../../lambdas/api/transfer/imports.ts';
import { chooseModel } from '../../../local/choose-model.ts';
import { startMachine, type Machine } from '../../../local/machine.ts';

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
