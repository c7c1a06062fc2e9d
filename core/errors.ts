/** What the caller should do with the same request. */
export type Retry = 'now' | 'backoff' | 'never';

/** Stable words for API clients. */
export type ErrorCode =
  | 'not_found'
  | 'invalid_input'
  | 'conflict'
  | 'too_large'
  | 'rate_limited'
  | 'unauthorized'
  | 'unavailable'
  | 'gone'
  | 'internal';

/** The one error family: what to do is data, nothing is recognised by its text. */
export abstract class TownError extends Error {
  abstract readonly code: ErrorCode;
  abstract readonly retry: Retry;
  /** Said to people: what is wrong and what to do next. */
  readonly userMessage: string;

  constructor(userMessage: string, options?: { cause?: unknown }) {
    super(userMessage, options);
    this.userMessage = userMessage;
    this.name = new.target.name;
  }
}

export class NotFound extends TownError {
  readonly code = 'not_found';
  readonly retry = 'never';
}

export class InvalidInput extends TownError {
  readonly code = 'invalid_input';
  readonly retry = 'never';
  readonly issues: readonly { path: string; message: string }[];
  constructor(userMessage: string, issues: readonly { path: string; message: string }[] = []) {
    super(userMessage);
    this.issues = issues;
  }
}

export class TooLarge extends TownError {
  readonly code = 'too_large';
  readonly retry = 'never';
}

export class Conflict extends TownError {
  readonly code = 'conflict';
  readonly retry = 'never';
}

export class Unauthorized extends TownError {
  readonly code = 'unauthorized';
  readonly retry = 'never';
}

/** Belongs to an epoch or attempt that was replaced: stop, do not try again. */
export class Superseded extends TownError {
  readonly code = 'gone';
  readonly retry = 'never';
}

/** Somebody else wrote in between: read again and decide again. */
export class VersionConflict extends TownError {
  readonly code = 'conflict';
  readonly retry = 'now';
}

/** A dependency is slow or throttled. */
export class Unavailable extends TownError {
  readonly code = 'unavailable';
  readonly retry = 'backoff';
}

/** The platform has no room for another task, or a quota is used up: it may have some later. */
export class NoCapacity extends TownError {
  readonly code = 'unavailable';
  readonly retry = 'backoff';
}

/** Stored by newer code than this: leave it to newer code. */
export class NewerSchema extends TownError {
  readonly code = 'unavailable';
  readonly retry = 'backoff';
}
