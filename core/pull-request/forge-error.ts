import { TownError, type Retry } from '../errors.ts';
import type { Instant } from '../town/instant.ts';
import { FAILURE_KINDS, type FailureKind } from './failure.ts';

/** A forge that could not be asked, or did not do what it was asked for. Its message names the forge and the next step. */
export class ForgeError extends TownError {
  readonly code = 'unavailable';
  readonly retry: Retry;
  readonly kind: FailureKind;
  /** When the forge may be asked again, in its own words. */
  readonly until: Instant | undefined;

  constructor(
    kind: FailureKind,
    userMessage: string,
    options: { until?: Instant | undefined; cause?: unknown } = {},
  ) {
    super(userMessage, options.cause === undefined ? {} : { cause: options.cause });
    this.kind = kind;
    this.until = options.until;
    this.retry = FAILURE_KINDS[kind] === 'permanent' ? 'never' : 'backoff';
  }
}
