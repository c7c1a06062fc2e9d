import { randomBytes } from 'node:crypto';

/** What GitHub hands out through a browser: good once, for some minutes. */
export interface Codes<T> {
  issue(value: T): string;
  /** Undefined: there is no such code, or none any more. */
  take(code: string): T | undefined;
}

export function createCodes<T>(now: () => number, lifeMs: number): Codes<T> {
  const issued = new Map<string, { readonly value: T; readonly expiresAt: number }>();
  return {
    issue(value) {
      const code = randomBytes(10).toString('hex');
      issued.set(code, { value, expiresAt: now() + lifeMs });
      return code;
    },
    take(code) {
      const found = issued.get(code);
      issued.delete(code);
      return found !== undefined && found.expiresAt > now() ? found.value : undefined;
    },
  };
}
