import { createRandom } from '../../contract/loop/virtual-time.ts';
import type { Goal } from '../goal.ts';
import { benchWorld } from './worlds.ts';

/** Milliseconds, as performance.md publishes them. */
const LATENCY = { table: 5, queueFrom: 15, queueTo: 50, warm: 10, cold: 375 };
/** Calls that find no warm function. A town that is at work keeps its functions warm. */
const COLD_PART = 0.005;
const SAMPLES = 100_000;
/** The predecessor's tick, active and idle: on average a statement waits half of it. */
const PEER_ACTIVE_MS = 2500;
const PEER_IDLE_MS = 150_000;

/** From the answer to a statement until the town has decided on it and asked for what follows. */
export const g5: Goal = {
  id: 'G5',
  title: 'What somebody states is acted on at once',
  async measure(isQuick) {
    // Which calls a step makes is counted in a real run: those of the reconciler between two of its batches.
    const perStep: string[][] = [];
    const world = benchWorld({
      before: async ({ by, name }) => {
        if (by !== 'reconciler') return;
        if (name === 'store.head') perStep.push([]);
        perStep.at(-1)?.push(name);
      },
    });
    await world.startDemo(await world.createTown());
    await world.run();
    const calls = Math.max(
      ...perStep.map((names) => names.filter((name) => name.startsWith('store.')).length),
    );
    const random = createRandom(5);
    const samples = Array.from({ length: isQuick ? 1000 : SAMPLES }, () => {
      const queue = LATENCY.queueFrom + random() * (LATENCY.queueTo - LATENCY.queueFrom);
      const start = random() < COLD_PART ? LATENCY.cold : LATENCY.warm;
      return queue + start + calls * LATENCY.table;
    }).sort((a, b) => a - b);
    const at = (part: number): number => samples[Math.floor(samples.length * part)] ?? 0;
    const mean = samples.reduce((sum, ms) => sum + ms, 0) / samples.length;
    return [
      {
        name: 'g5.p50',
        what: 'milliseconds of virtual time, half of them',
        value: at(0.5),
        better: 'less',
        target: 120,
        kind: 'count',
      },
      {
        name: 'g5.p99',
        what: 'milliseconds of virtual time, 99 of 100',
        value: at(0.99),
        better: 'less',
        target: 700,
        kind: 'count',
      },
      {
        name: 'g5.active',
        what: "the predecessor's mean in an active town by ours",
        value: PEER_ACTIVE_MS / mean,
        better: 'more',
        target: 20,
        kind: 'count',
      },
      {
        name: 'g5.idle',
        what: 'in an idle town',
        value: PEER_IDLE_MS / mean,
        better: 'more',
        target: 400,
        kind: 'count',
      },
    ];
  },
};
