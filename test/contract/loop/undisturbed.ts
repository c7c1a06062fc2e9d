import { expect, it } from 'vitest';
import { minutes } from '../../../core/town/instant.ts';
import { checkEnd } from './end-state.ts';
import type { GetSubject } from './story.ts';
import { effort } from './story.ts';
import { World } from './world.ts';

export function undisturbedContract(getSubject: GetSubject): void {
  it('the demo convoy lands; then ten minutes pass in which nothing is written, sent, asked or decided', async () => {
    const subject = getSubject();
    const units = { read: 0, write: 0 };
    const store = subject.open({
      onCapacity(_, { read, write }) {
        units.read += read;
        units.write += write;
      },
    });
    const world = new World(store);
    const town = await world.createTown();
    Object.assign(units, { read: 0, write: 0 });
    await world.startDemo(town);
    await world.run();
    const { calls, townQueue, effectQueue, platform } = world;
    console.log('demo convoy', {
      minutes: Math.round(world.elapsedMs / 60_000),
      reconciles: world.metric('reconcile.steps'),
      emptyWakes: world.metric('reconcile.empty'),
      townMessages: townQueue.sent,
      effectMessages: effectQueue.sent,
      syncs: world.syncs,
      turns: world.turns,
      portCalls: calls.count,
      ...units,
    });
    await checkEnd(world, subject.store, town);
    expect(world.errors).toEqual([]);
    expect(await effort(subject, { world, town })).toEqual({
      attempts: ['a 1', 'b 1', 'c 1'],
      tasks: 1,
      turns: 7,
    });
    expect(platform.runs).toBe(1);
    // Agents, jobs and two idle minutes: nothing waits for a sweeper or for the next regular sync.
    expect(world.elapsedMs).toBeLessThan(minutes(11));
    // A ceiling, not a target: a rule that asks for steps without end fails here.
    expect(world.metric('reconcile.steps')).toBeLessThan(60);

    const before = countsOf(world);
    const { sweeps } = world;
    Object.assign(units, { read: 0, write: 0 });
    const reads = calls.counts.get('store.dueTowns') ?? 0;
    await world.pass(minutes(10));
    expect(world.sweeps - sweeps).toBe(10);
    expect(countsOf(world)).toEqual(before);
    expect(units.write).toBe(0);
    expect(calls.counts.get('store.dueTowns')).toBe(reads + 16 * 10);
  });
}

/** All that costs something, but the sweeper's look at its index. */
function countsOf({ calls, townQueue, effectQueue, platform, syncs, turns, metrics }: World) {
  return {
    calls: [...calls.counts].filter(([name]) => name !== 'store.dueTowns'),
    steps: metrics.get('reconcile.steps'),
    messages: [townQueue.sent, effectQueue.sent],
    runs: platform.runs,
    syncs,
    turns,
  };
}
