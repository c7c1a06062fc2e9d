/** Milliseconds since 1970-01-01 UTC. Records hold instants as numbers; the API shows them as ISO-8601. */
export type Instant = number;

export const seconds = (n: number): number => n * 1000;
export const minutes = (n: number): number => n * 60_000;
