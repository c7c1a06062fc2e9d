import { expect, test } from 'vitest';
import { pullOfTown, query, rest, scene, type Scene } from './forge.ts';

async function asked({ forge, token }: Scene): Promise<unknown> {
  const text = `{ repository(owner: "acme", name: "app") { pullRequest(number: 1) { mergeable mergeStateStatus } } }`;
  const { data } = await query<{ repository: { pullRequest: Record<string, string> } }>(forge, token, text);
  const { data: pull } = await rest(forge, token, 'GET /repos/acme/app/pulls/1');
  const { mergeable, mergeStateStatus } = data?.repository.pullRequest ?? {};
  return [mergeable, mergeStateStatus, pull['mergeable'], pull['mergeable_state']];
}

const UNKNOWN = ['UNKNOWN', 'UNKNOWN', null, 'unknown'];
const CLEAN = ['MERGEABLE', 'CLEAN', true, 'clean'];
const DIRTY = ['CONFLICTING', 'DIRTY', false, 'dirty'];

test('it is unknown for a while after every push to the head or to the base', async () => {
  const scenery = await scene({ mergeabilityUnknownMs: 5000 });
  const { clock, repository } = scenery;
  const pull = await pullOfTown(scenery, { files: { 'src/a.ts': 'export const a = 2;\n' } });
  expect(await asked(scenery)).toEqual(UNKNOWN);
  clock.advance(4999);
  expect(await asked(scenery)).toEqual(UNKNOWN);
  clock.advance(1);
  expect(await asked(scenery)).toEqual(CLEAN);

  await repository.commit('main', { files: { 'src/a.ts': 'export const a = 3;\n' } });
  expect(await asked(scenery)).toEqual(UNKNOWN);
  clock.advance(5000);
  expect(await asked(scenery)).toEqual(DIRTY);

  await pull.forcePush('max', { 'src/a.ts': 'export const a = 4;\n' });
  expect(await asked(scenery)).toEqual(UNKNOWN);
  clock.advance(5000);
  expect(await asked(scenery)).toEqual(CLEAN);
});

test('it may stay unknown for ever', async () => {
  const scenery = await scene({ mergeabilityUnknownMs: Number.POSITIVE_INFINITY });
  await pullOfTown(scenery);
  scenery.clock.advance(1e9);
  expect(await asked(scenery)).toEqual(UNKNOWN);
});

test('another base is another question', async () => {
  const scenery = await scene();
  const { repository } = scenery;
  const pull = await pullOfTown(scenery, { files: { 'src/a.ts': 'export const a = 2;\n' } });
  await repository.commit('next', { files: { 'src/a.ts': 'export const a = 9;\n' } });
  expect(await asked(scenery)).toEqual(CLEAN);
  await pull.retarget('rita', 'next');
  expect(await asked(scenery)).toEqual(DIRTY);
});

test('of a closed one nothing is known', async () => {
  const scenery = await scene();
  const pull = await pullOfTown(scenery);
  await pull.close('rita');
  expect(await asked(scenery)).toEqual(UNKNOWN);
});
