/** Ids from counters: the same calls give the same ids. */
export interface Ids {
  /** 1, 2, 3 … of a kind. */
  next(kind: string): number;
  /** A database id and the node id that GraphQL uses for the same thing, as `PR_3`. */
  pair(prefix: string): { id: number; nodeId: string };
}

export function createIds(): Ids {
  const last = new Map<string, number>();
  const next = (kind: string): number => {
    const id = (last.get(kind) ?? 0) + 1;
    last.set(kind, id);
    return id;
  };
  return {
    next,
    pair(prefix) {
      const id = next(prefix);
      return { id, nodeId: `${prefix}_${id}` };
    },
  };
}

/** A UUID made of a counter: deliveries are told apart by one. */
export const counterUuid = (count: number): string =>
  `00000000-0000-4000-8000-${count.toString(16).padStart(12, '0')}`;
