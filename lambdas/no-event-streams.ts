/**
 * In the place of `@smithy/core/event-streams` when functions are bundled: no function calls an operation that streams events (S3
 * Select is the only one that their clients know), and the codec would be in every bundle.
 */
export const resolveEventStreamSerdeConfig = <T>(config: T): T => config;
export function eventStreamSerdeProvider(): never {
  throw new Error('this bundle has no event streams: see lib/bundling.ts');
}
export { eventStreamSerdeProvider as EventStreamSerde };
