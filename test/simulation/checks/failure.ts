/** Something that must hold did not. */
export class SimulationFailure extends Error {
  /** Which promise was broken: the same word for the same cause, so that a smaller story can be told from another failure. */
  readonly promise: string;
  /** What the towns decided until then, a line each. */
  history: readonly string[] = [];

  constructor(promise: string, detail: string) {
    super(`${promise}: ${detail}`);
    this.promise = promise;
  }
}

export function promise(name: string, holds: boolean, detail: () => string): void {
  if (!holds) throw new SimulationFailure(name, detail());
}
