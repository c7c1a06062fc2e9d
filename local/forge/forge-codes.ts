import type { ManifestOfOwner } from './app-manifest.ts';
import { createCodes, type Codes } from './codes.ts';

const MINUTE_MS = 60_000;

/** Codes that GitHub sends through browsers. */
export interface ForgeCodes {
  /** Logins, for ten minutes. */
  readonly users: Codes<string>;
  /** For an hour. */
  readonly manifests: Codes<ManifestOfOwner>;
}

export const createForgeCodes = (now: () => number): ForgeCodes => ({
  users: createCodes(now, 10 * MINUTE_MS),
  manifests: createCodes(now, 60 * MINUTE_MS),
});
