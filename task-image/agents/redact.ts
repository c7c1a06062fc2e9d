import type { ModelCredentials } from '../../core/protocol/sync.ts';

/** Shorter values are not secrets, and taking them out would make a text unreadable. */
const MIN_SECRET_LENGTH = 6;

/** A function that takes the given values out of a text. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const taken = secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  return (text) => taken.reduce((redacted, secret) => redacted.replaceAll(secret, '[redacted]'), text);
}

/** Every value of the credentials that could be one; providers quote keys in their errors. */
export function secretsOf({ options, env }: ModelCredentials): string[] {
  const optionValues = Object.entries(options).flatMap(([name, value]) =>
    name === 'baseURL' ? [] : [value],
  );
  return [...optionValues, ...Object.values(env)];
}
