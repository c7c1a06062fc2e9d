import type { Scheduler } from 'fast-check';

/** Who may call a port next. */
export interface Order {
  /** Takes place when it is this call's turn; until it is over nobody else has one. */
  turn<T>(label: string, call: () => Promise<T>): Promise<T>;
  /** Runs all of them to their ends. */
  run(actors: readonly (() => Promise<void>)[]): Promise<void>;
}

/** One after the other, each to its end. */
export const inTurn: Order = {
  turn: (_, call) => call(),
  async run(actors) {
    for (const actor of actors) await actor();
  },
};

/** All at once: between any two calls it is drawn by lot who goes on. */
export function drawnBy(scheduler: Scheduler): Order {
  return {
    turn: (label, call) =>
      new Promise((resolve, reject) => {
        const builder = async (): Promise<void> => call().then(resolve, reject);
        scheduler.scheduleSequence([{ label, builder }]);
      }),
    async run(actors) {
      await scheduler.waitFor(Promise.all(actors.map((act) => act())));
    },
  };
}

/** The same port, each of whose calls waits for its turn. */
export function ordered<T extends object>(order: Order, by: string, port: T): T {
  return new Proxy(port, {
    get: (target, key) => {
      const method: unknown = Reflect.get(target, key);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]): Promise<unknown> =>
        order.turn(`${by} ${String(key)}`, async () => Reflect.apply(method, target, args));
    },
  });
}
