import { expect } from 'vitest';

/** Members of answers and requests that are secrets, whatever object they are in. */
const SECRET_MEMBERS = new Set(['token', 'containerToken', 'bootstrapToken', 'apiKey']);

/** Every secret that a fixture has made or seen, and every line that it has logged. */
export interface SecretWatch {
  readonly lines: string[];
  add(secret: string): void;
  /** Takes the secrets out of an answer. */
  see(value: unknown): void;
  /** No line has a secret, nor the signature of one. */
  expectSafeLogs(): void;
  /** The same for any text. */
  expectNoneIn(text: string): void;
}

export function createSecretWatch(): SecretWatch {
  const secrets = new Set<string>();
  const lines: string[] = [];
  const watch: SecretWatch = {
    lines,
    add(secret) {
      secrets.add(secret);
      // The last part of a token is its signature or MAC: with it the rest can be guessed.
      const last = secret.split('.').at(-1);
      if (last !== undefined && last.length >= 20) secrets.add(last);
    },
    see(value) {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, member] of Object.entries(value)) {
        if (typeof member === 'string' && SECRET_MEMBERS.has(name)) watch.add(member);
        else watch.see(member);
      }
    },
    expectSafeLogs() {
      for (const line of lines) watch.expectNoneIn(line);
    },
    expectNoneIn(text) {
      const found = [...secrets].filter((secret) => text.includes(secret));
      expect(found.length === 0 ? '' : text.slice(0, 500), 'a secret stands in').toBe('');
    },
  };
  return watch;
}
