import { minutes } from '../../../core/town/instant.ts';
import type { Goal } from '../goal.ts';
import { benchWorld } from './worlds.ts';

const WEEK_MS = minutes(7 * 24 * 60);

/** A week in which nobody asks for anything. */
export const g10: Goal = {
  id: 'G10',
  title: 'An idle town calls no model and runs no container',
  async measure(isQuick) {
    const world = benchWorld();
    await world.startDemo(await world.createTown());
    await world.run();
    const before = {
      turns: world.turns,
      runs: world.platform.runs,
      syncs: world.syncs,
      sent: world.townQueue.sent + world.effectQueue.sent,
    };
    await world.pass(isQuick ? WEEK_MS / 7 : WEEK_MS);
    const none = (name: string, what: string, value: number) => ({
      name: `g10.${name}`,
      what,
      value,
      better: 'less' as const,
      target: 0,
      kind: 'count' as const,
    });
    return [
      none('turns', 'model calls in an idle week', world.turns - before.turns),
      none('containers', 'containers started', world.platform.runs - before.runs),
      none('syncs', 'syncs of containers', world.syncs - before.syncs),
      none('messages', 'messages', world.townQueue.sent + world.effectQueue.sent - before.sent),
    ];
  },
};
