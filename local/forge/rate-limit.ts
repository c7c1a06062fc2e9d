const WINDOW_MS = 3_600_000;

export type Resource = 'core' | 'graphql';

export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  /** Milliseconds since 1970; whole seconds. */
  readonly resetAt: number;
}

/** Calls by the hour, counted apart by who calls and for REST and GraphQL. */
export interface RateLimits {
  read(login: string, resource: Resource): RateState;
  /** Counts one call. False: there was none left, and it is not to be answered. */
  take(login: string, resource: Resource): boolean;
  /** So many are left until the window ends. */
  leave(login: string, resource: Resource, remaining: number): void;
}

export function createRateLimits(now: () => number, limit: number): RateLimits {
  const windows = new Map<string, { used: number; resetAt: number }>();
  const windowOf = (login: string, resource: Resource): { used: number; resetAt: number } => {
    const key = `${resource} ${login}`;
    let window = windows.get(key);
    if (window === undefined || now() >= window.resetAt) {
      window = { used: 0, resetAt: Math.ceil((now() + WINDOW_MS) / 1000) * 1000 };
      windows.set(key, window);
    }
    return window;
  };
  const read = (login: string, resource: Resource): RateState => {
    const { used, resetAt } = windowOf(login, resource);
    return { limit, used, remaining: Math.max(0, limit - used), resetAt };
  };
  return {
    read,
    take(login, resource) {
      const window = windowOf(login, resource);
      if (window.used >= limit) return false;
      window.used += 1;
      return true;
    },
    leave(login, resource, remaining) {
      windowOf(login, resource).used = limit - remaining;
    },
  };
}

/** As GitHub sends them with every answer. */
export const rateHeaders = (state: RateState, resource: Resource): Record<string, string> => ({
  'x-ratelimit-limit': `${state.limit}`,
  'x-ratelimit-remaining': `${state.remaining}`,
  'x-ratelimit-used': `${state.used}`,
  'x-ratelimit-reset': `${state.resetAt / 1000}`,
  'x-ratelimit-resource': resource,
});
