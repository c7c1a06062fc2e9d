import type { Telemetry, TownQueue } from '../../../core/ports.ts';

/**
 * For functions whose messages only make haste: what they announce is stored and the town is due, so a queue that does not
 * answer must not fail their request (design decision 7). The sweeper, or the next sync, does what the message would have.
 */
export function createWakeUps(queue: TownQueue, telemetry: Telemetry): TownQueue {
  return {
    async send(message, dedupId) {
      try {
        await queue.send(message, dedupId);
      } catch (error) {
        telemetry.count('town_queue.wake_ups_lost', 1);
        telemetry.log('warn', 'a wake-up was not sent', { townId: message.townId, error: String(error) });
      }
    },
  };
}
