import { MESSAGE_VERSION } from '../core/facts/message.ts';

/** Undefined: not JSON. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A message of a later version may say what this code does not know; it is not a bad one. */
export const isNewer = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'v' in value &&
  typeof value.v === 'number' &&
  value.v > MESSAGE_VERSION;
