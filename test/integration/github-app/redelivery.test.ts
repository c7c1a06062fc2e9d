import { expect, test } from 'vitest';
import { hookReceiver } from '../../forge/hook-receiver.ts';
import { appWorld, type AppWorld } from './app-world.ts';

const MINUTE = 60_000;
const ATTEMPTS = 'POST /app/hook/deliveries/{delivery_id}/attempts';

async function hooked() {
  const receiver = await hookReceiver();
  const world = await appWorld({ webhook: { url: receiver.url, secret: 's' } });
  return { world, receiver };
}

/** Something happens, and GitHub tries to tell it. */
async function happen({ forge, repository }: AppWorld, times = 1): Promise<void> {
  for (let time = 0; time < times; time += 1) forge.setInstallation(repository, 'unsuspend');
  await forge.settled();
}

/** What the schedule does every five minutes. */
async function run({ handler, forge, clock }: AppWorld): Promise<unknown> {
  clock.advance(5 * MINUTE);
  const answer = await handler({ op: 'redeliver' });
  await forge.settled();
  return answer.ok ? (answer.value as { asked: number }).asked : answer;
}

test('what was lost is asked for once, and what arrived is not', async () => {
  const { world, receiver } = await hooked();
  await happen(world);
  world.forge.webhooks.behave({ behave: { kind: 'lost' }, times: 2 });
  await happen(world, 2);
  expect(receiver.received).toHaveLength(1);
  expect(await run(world)).toBe(2);
  expect(receiver.received).toHaveLength(3);
  expect(await run(world)).toBe(0);
  expect(await run(world)).toBe(0);
  expect(world.forge.calls.count(ATTEMPTS)).toBe(2);
});

test('what is lost again is asked for again, until it arrives', async () => {
  const { world, receiver } = await hooked();
  receiver.answerWith(500);
  await happen(world);
  expect(await run(world)).toBe(1);
  expect(await run(world)).toBe(1);
  receiver.answerWith(202);
  expect(await run(world)).toBe(1);
  expect(await run(world)).toBe(0);
});

test('a run asks for fifty, and the next one for those that are left', async () => {
  const { world, receiver } = await hooked();
  for (let second = 0; second < 120; second += 1) {
    world.forge.webhooks.behave({ behave: { kind: 'lost' } });
    world.clock.advance(1000);
    await happen(world);
  }
  expect(await run(world)).toBe(50);
  expect(await run(world)).toBe(50);
  expect(await run(world)).toBe(20);
  expect(await run(world)).toBe(0);
  expect(new Set(receiver.received.map(({ delivery }) => delivery)).size).toBe(120);
}, 30_000);

test('a run that fails leaves its part to the next', async () => {
  const { world, receiver } = await hooked();
  world.forge.webhooks.behave({ behave: { kind: 'lost' } });
  await happen(world);
  world.forge.behave({ on: ATTEMPTS, behave: { kind: 'answer', status: 503, body: {} } });
  expect(await run(world)).toMatchObject({ ok: false, kind: 'http_error' });
  expect(await run(world)).toBe(1);
  expect(receiver.received).toHaveLength(1);
});

test('without an app there is nothing to do', async () => {
  const { world } = await hooked();
  world.setSecret(undefined);
  expect(await run(world)).toBe(0);
  expect(world.forge.calls.count()).toBe(0);
  expect(await world.cursor.read()).toBeUndefined();
});

test('somebody who says since when moves nothing', async () => {
  const { world } = await hooked();
  world.forge.webhooks.behave({ behave: { kind: 'lost' } });
  await happen(world);
  expect(await world.app.redeliver(world.clock.now() - MINUTE)).toMatchObject({ asked: 1 });
  expect(await world.cursor.read()).toBeUndefined();
});
