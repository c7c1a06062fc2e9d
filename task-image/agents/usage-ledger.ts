import type { Usage } from '../../core/protocol/sync.ts';

/** Sums usage over messages. A message is reported many times while it grows; its latest numbers count. */
export type UsageLedger = { record(messageId: string, usage: Usage): void; total(): Usage };

export function createUsageLedger(): UsageLedger {
  const byMessage = new Map<string, Usage>();
  return {
    record: (messageId, usage) => void byMessage.set(messageId, usage),
    total() {
      const total = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
      for (const usage of byMessage.values()) {
        total.inputTokens += usage.inputTokens;
        total.outputTokens += usage.outputTokens;
        total.costUsd += usage.costUsd;
      }
      return total;
    },
  };
}
