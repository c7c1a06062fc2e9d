import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startForge } from '../../local/forge/start-forge.ts';
import { TOWN, pullOfTown, rest, scene } from './forge.ts';

test('checks go green and a reviewer approves after a while, for every new head', async () => {
  const scenery = await scene({
    automation: { reviewer: { login: 'rita', afterMs: 60_000 }, checks: [{ name: 'ci', afterMs: 30_000 }] },
  });
  const { forge, clock, repository, token } = scenery;
  await repository.protect('main', {
    requiredApprovals: 1,
    dismissesStaleApprovals: true,
    requiredChecks: ['ci'],
  });
  const pull = await pullOfTown(scenery);
  const after = async (ms: number): Promise<unknown> => {
    clock.advance(ms);
    const runs = await rest(forge, token, 'GET /repos/acme/app/commits/work/check-runs');
    const [run] = runs.data['check_runs'] as { status: string; conclusion: string | null }[];
    const read = await rest(forge, token, 'GET /repos/acme/app/pulls/1');
    return [run?.status, run?.conclusion, read.data['mergeable_state']];
  };
  expect(await after(0)).toEqual(['queued', null, 'blocked']);
  expect(await after(10_000)).toEqual(['in_progress', null, 'blocked']);
  expect(await after(20_000)).toEqual(['completed', 'success', 'blocked']);
  expect(await after(30_000)).toEqual(['completed', 'success', 'clean']);
  await pull.push(TOWN, { 'later.txt': 'later' });
  expect(await after(0)).toEqual(['queued', null, 'blocked']);
  expect(await after(60_000)).toEqual(['completed', 'success', 'clean']);
});

test('a reviewer may ask for changes, and looks at no draft', async () => {
  const scenery = await scene({
    automation: {
      reviewer: {
        login: 'rita',
        afterMs: 1000,
        verdict: ({ reviews }) =>
          reviews.length === 0
            ? { state: 'CHANGES_REQUESTED', body: 'Once more, please.' }
            : { state: 'APPROVED' },
      },
    },
  });
  const { forge, clock } = scenery;
  const pull = await pullOfTown(scenery, { isDraft: true });
  const states = async (): Promise<string[]> => {
    clock.advance(1000);
    await forge.tick();
    return pull.state.reviews.map(({ state }) => state);
  };
  expect(await states()).toEqual([]);
  await pull.markReady(TOWN);
  expect(await states()).toEqual(['CHANGES_REQUESTED']);
  await pull.push(TOWN, { 'later.txt': 'later' });
  clock.advance(500);
  // It was about to look at the head before this one.
  await pull.push(TOWN, { 'later.txt': 'still later' });
  clock.advance(500);
  await forge.tick();
  expect(pull.state.reviews).toHaveLength(1);
  expect(await states()).toEqual(['CHANGES_REQUESTED', 'APPROVED']);
});

test('by the clock of the machine, things happen though nobody calls', async () => {
  const forge = await startForge({ automation: { reviewer: { login: 'rita', afterMs: 10 } } });
  try {
    const repository = await forge.createRepository({
      owner: 'acme',
      name: 'app',
      access: { rita: 'write' },
    });
    await repository.commit('work', { files: { x: 'x' } });
    const pull = await repository.openPull({ head: 'work', author: TOWN });
    for (let tries = 0; tries < 100 && pull.state.reviews.length === 0; tries += 1) await delay(20);
    expect(pull.state.reviews).toMatchObject([{ author: 'rita', state: 'APPROVED' }]);
  } finally {
    await forge.close();
  }
});

test('the same acts give the same ids, commits and answers', async () => {
  const told = async (): Promise<string> => {
    const scenery = await scene();
    const pull = await pullOfTown(scenery);
    await pull.requestChanges('rita', { body: 'No.', threads: [{ path: 'src/b.ts', body: 'Why?' }] });
    const read = await rest(scenery.forge, scenery.token, 'GET /repos/acme/app/pulls/1');
    const reviews = await rest(scenery.forge, scenery.token, 'GET /repos/acme/app/pulls/1/reviews');
    await pull.merge('rita', 'rebase');
    const text = JSON.stringify([read.data, reviews.data, scenery.repository.head('main')]);
    return text.replaceAll(scenery.forge.webUrl, '');
  };
  expect(await told()).toBe(await told());
});
