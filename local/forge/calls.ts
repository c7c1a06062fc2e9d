/** The calls that the log keeps; counts are of all. */
const MAX_LOG = 500;

export interface Call {
  /** `PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge`, `query repository`, `mutation addComment`, `git receive-pack` … */
  readonly operation: string;
  readonly path: string;
  /** 0: the connection was cut. */
  readonly status: number;
  readonly at: number;
}

export interface Calls {
  /** Of one operation, or of all. */
  count(operation?: string): number;
  /** By operation, in the order of names. */
  all(): Record<string, number>;
  /** The last ones, oldest first. */
  log(): readonly Call[];
  reset(): void;
}

export interface CallRecorder extends Calls {
  record(call: Call): void;
}

export function createCalls(): CallRecorder {
  const counts = new Map<string, number>();
  let log: Call[] = [];
  return {
    record(call) {
      counts.set(call.operation, (counts.get(call.operation) ?? 0) + 1);
      log = [...log.slice(-(MAX_LOG - 1)), call];
    },
    count: (operation) =>
      operation === undefined
        ? [...counts.values()].reduce((sum, count) => sum + count, 0)
        : (counts.get(operation) ?? 0),
    all: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    log: () => log,
    reset() {
      counts.clear();
      log = [];
    },
  };
}
