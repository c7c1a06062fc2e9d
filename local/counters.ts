/** What a local installation has spent since it started: exact counts, never times. */
export interface Counters {
  add(name: string, value: number): void;
  get(name: string): number;
  all(): Record<string, number>;
}

export function createCounters(): Counters {
  const counts = new Map<string, number>();
  return {
    add: (name, value) => void counts.set(name, (counts.get(name) ?? 0) + value),
    get: (name) => counts.get(name) ?? 0,
    all: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
