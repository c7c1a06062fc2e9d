/**
 * In the place of `@smithy/core/event-streams` when functions are bundled: no function calls an operation whose answer is a stream of
 * events, and what would read one is the largest part of a client that is never used. The S3 client asks for it when it is made.
 */
export const eventStreamSerdeProvider = (): undefined => undefined;

export const resolveEventStreamSerdeConfig = <T>(config: T): T => config;

export function EventStreamSerde(): never {
  throw new Error('functions are bundled without streams of events: see lambdas/no-event-streams.ts');
}
