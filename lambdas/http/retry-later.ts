import { Conflict } from '../../core/errors.ts';

/** A conflict that passes by itself: the answer says when to send the same request again. */
export class RetryLater extends Conflict {
  readonly retryAfterSeconds: number;

  constructor(userMessage: string, retryAfterSeconds: number) {
    super(userMessage);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
