import { setImmediate } from 'node:timers/promises';
import { Unavailable } from '../../../core/errors.ts';
import type { Random } from './virtual-time.ts';

/** One run of a function. One that was killed never hears of its calls again, and makes no more. */
export class Invocation {
  readonly by: string;
  isDead = false;
  /** Resolves when it is killed. */
  readonly killed: Promise<'killed'>;
  #kill: () => void = () => {};

  constructor(by: string) {
    this.by = by;
    this.killed = new Promise((resolve) => {
      this.#kill = () => resolve('killed');
    });
  }

  kill(): void {
    this.isDead = true;
    this.#kill();
  }
}

/** A call of a port: `number` counts all calls from 1. */
export interface Call {
  readonly number: number;
  readonly by: string;
  /** `store.commit`, `towns.send` … */
  readonly name: string;
  readonly args: readonly unknown[];
}

/**
 * What goes wrong with a call: it fails and did nothing (`refused`); it was done but the answer is an error (`ambiguous`); it
 * was done, and the function is killed before it hears of it (`killed`).
 */
export type Fault = 'refused' | 'ambiguous' | 'killed';

const never = new Promise<never>(() => {});

export interface CallOptions {
  readonly fault?: ((call: Call) => Fault | undefined) | undefined;
  /** Runs before a call takes place. */
  readonly before?: ((call: Call) => Promise<void> | undefined) | undefined;
}

/** Every call of every port passes through here: counted, made to fail, put in an order. */
export class PortCalls {
  count = 0;
  readonly counts = new Map<string, number>();
  readonly #options: CallOptions;
  #race: Race | undefined;

  constructor(options: CallOptions) {
    this.#options = options;
  }

  /** The same port, as an invocation sees it. */
  wrap<T extends object>(invocation: Invocation, portName: string, port: T): T {
    return new Proxy(port, {
      get: (target, key) => {
        const method: unknown = Reflect.get(target, key);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]): Promise<unknown> =>
          this.#call(invocation, `${portName}.${String(key)}`, args, async () =>
            Reflect.apply(method, target, args),
          );
      },
    });
  }

  /** Runs several at once; before each call it is drawn by lot who goes on, the same for the same random numbers. */
  async race<T>(random: Random, runners: readonly (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]> {
    const race = new Race(random);
    this.#race = race;
    try {
      return await race.run(runners);
    } finally {
      this.#race = undefined;
    }
  }

  async #call(
    invocation: Invocation,
    name: string,
    args: readonly unknown[],
    act: () => Promise<unknown>,
  ): Promise<unknown> {
    if (invocation.isDead) return never;
    const race = this.#race;
    await race?.turn();
    try {
      this.count += 1;
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
      const call = { number: this.count, by: invocation.by, name, args };
      await this.#options.before?.(call);
      const fault = this.#options.fault?.(call);
      if (fault === undefined) return await act();
      if (fault !== 'refused') await act();
      if (fault === 'killed') {
        invocation.kill();
        return never;
      }
      throw name.startsWith('store.') ? new Unavailable(`${name}: ${fault}`) : new Error(`${name}: ${fault}`);
    } finally {
      race?.done();
    }
  }
}

const MAX_TURNS = 100_000;

class Race {
  readonly #random: Random;
  readonly #waiting: (() => void)[] = [];
  #finished: () => void = () => {};

  constructor(random: Random) {
    this.#random = random;
  }

  turn(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  done(): void {
    this.#finished();
  }

  async run<T>(runners: readonly (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]> {
    const running = new Set(runners.keys());
    const results = Promise.allSettled(
      runners.map((run, index) => run().finally(() => running.delete(index))),
    );
    for (let turns = 0; running.size > 0; turns += 1) {
      if (turns > MAX_TURNS) throw new Error('the race does not end');
      // Everybody runs on to the next call, or to the end.
      await setImmediate();
      const [next] = this.#waiting.splice(Math.floor(this.#random() * this.#waiting.length), 1);
      if (next === undefined) continue;
      const finished = new Promise<void>((resolve) => {
        this.#finished = resolve;
      });
      next();
      await finished;
    }
    return results;
  }
}
