import * as z from 'zod';
import { minutes, seconds, type Instant } from '../town/instant.ts';

/**
 * Why a forge could not be asked. `permanent`: asking again does not help before somebody configures something. `soft`: what it answers is not
 * understood. `transient`: it or the network fails. `rateLimited`: it says when to come back.
 */
export const FAILURE_KINDS = {
  no_token: 'permanent',
  unrecognized_url: 'permanent',
  host_mismatch: 'permanent',
  unauthorized: 'permanent',
  forbidden: 'permanent',
  not_found: 'permanent',
  refused: 'permanent',
  invalid_response: 'soft',
  graphql_partial: 'soft',
  http_error: 'transient',
  rate_limited: 'rateLimited',
} as const;
export type FailureKind = keyof typeof FAILURE_KINDS;
export const failureKind = z.enum(Object.keys(FAILURE_KINDS) as [FailureKind, ...FailureKind[]]);

/** One cause, with its own count: another cause does not touch it, and one success clears all. */
export const forgeFailureSchema = z.object({
  kind: failureKind,
  /** Names the forge and the next step. At most 500 characters. */
  message: z.string(),
  count: z.number().int().positive(),
  since: z.number(),
  lastAt: z.number(),
  /** The forge's word on when to come back. */
  until: z.number().optional(),
});
export type ForgeFailure = z.infer<typeof forgeFailureSchema>;

/** Failures of one cause in a row after which people should look (the reference's thresholds). */
const GIVE_UP_AFTER = {
  permanent: 1,
  soft: 3,
  transient: 10,
  rateLimited: Number.POSITIVE_INFINITY,
} as const;

/** Where people have to act the forge is asked again now and then: what was repaired goes on by itself. */
const ASK_AGAIN_MS = minutes(15);
/** A forge that is limited without saying until when (GitHub's advice for secondary limits). */
const LIMITED_MS = minutes(1);

/** Do people have to look? */
export const isGivenUp = ({ kind, count }: ForgeFailure): boolean =>
  count >= GIVE_UP_AFTER[FAILURE_KINDS[kind]];

/** Milliseconds after its last failure before the forge is asked again: 5, 10, 20 … at most 120 s; 15 min where people have to act. */
export function askAgainMs(failure: ForgeFailure): number {
  if (failure.kind === 'rate_limited')
    return Math.max(seconds(1), (failure.until ?? failure.lastAt + LIMITED_MS) - failure.lastAt);
  if (isGivenUp(failure)) return ASK_AGAIN_MS;
  return Math.min(seconds(5) * 2 ** (failure.count - 1), seconds(120));
}

/** The failures with one more of this cause. */
export function withFailure(
  failures: readonly ForgeFailure[],
  { kind, message, until }: Pick<ForgeFailure, 'kind' | 'message' | 'until'>,
  now: Instant,
): ForgeFailure[] {
  const before = failures.find((failure) => failure.kind === kind);
  const next = {
    kind,
    message,
    until,
    count: (before?.count ?? 0) + 1,
    since: before?.since ?? now,
    lastAt: now,
  };
  return [...failures.filter((failure) => failure.kind !== kind), next];
}
