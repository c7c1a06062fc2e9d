/** One thing that an installation has to be able to do. */
export interface StepResult {
  readonly name: string;
  readonly isOk: boolean;
  /** What was found, or what went wrong. */
  readonly detail: string;
  readonly seconds: number;
}

/** What does not hold; the message says what to look at. */
export class SmokeFailure extends Error {
  override readonly name = 'SmokeFailure';
}

export interface Steps {
  readonly results: readonly StepResult[];
  /** Does it and says so. @throws whatever `run` throws, when that has been said */
  step<Found>(name: string, run: () => Promise<readonly [detail: string, found: Found]>): Promise<Found>;
}

export function createSteps(say: (result: StepResult) => void): Steps {
  const results: StepResult[] = [];
  return {
    results,
    async step(name, run) {
      const began = performance.now();
      const record = (isOk: boolean, detail: string): void => {
        const seconds = Math.round((performance.now() - began) / 100) / 10;
        const result = { name, isOk, detail, seconds };
        results.push(result);
        say(result);
      };
      try {
        const [detail, found] = await run();
        record(true, detail);
        return found;
      } catch (error) {
        record(false, error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  };
}
