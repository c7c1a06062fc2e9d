import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { townMessage, type MessageFact } from '../../core/facts/message.ts';
import { isNewer, parseJson } from '../message-body.ts';
import { reconcileTown, type ReconcilerDeps } from './reconcile-town.ts';

/** Changes when a failed message is delivered again. */
export interface Redelivery {
  delay(record: SQSRecord, seconds: number): Promise<void>;
}

/** Seconds before the next delivery, by how often a message was received (design section 5, step 6). */
const REDELIVERY_SECONDS = [1, 5, 20];

interface TownBatch {
  readonly records: SQSRecord[];
  readonly facts: MessageFact[];
}

/**
 * Takes a batch of the town queue. Messages of a town are applied together; what does not parse is quarantined and
 * acknowledged, so that it never blocks its group; what is newer than this code goes back, and with it all that follows it
 * in its group, which would otherwise overtake it.
 */
export function createReconcilerHandler(deps: ReconcilerDeps & { redelivery: Redelivery }) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failed = new Set<string>();
    const failedGroups = new Set<string>();
    const unreadable: { record: SQSRecord; error: string }[] = [];
    const towns = new Map<string, TownBatch>();
    for (const record of event.Records) {
      const value = parseJson(record.body);
      if (isNewer(value)) failedGroups.add(groupOf(record));
      if (failedGroups.has(groupOf(record))) {
        failed.add(record.messageId);
        continue;
      }
      const parsed = townMessage.safeParse(value);
      if (!parsed.success) {
        unreadable.push({ record, error: parsed.error.message });
        continue;
      }
      const { townId, fact } = parsed.data;
      const batch = towns.get(townId) ?? { records: [], facts: [] };
      batch.records.push(record);
      if (fact !== undefined) batch.facts.push(fact);
      towns.set(townId, batch);
    }
    for (const { record, error } of unreadable) await quarantine(deps, record, error);
    for (const [townId, { records, facts }] of towns) {
      const result = await reconcileTown(deps, townId, facts);
      if (result.state === 'done') continue;
      for (const record of records) {
        failed.add(record.messageId);
        const receives = Number(record.attributes.ApproximateReceiveCount);
        await deps.redelivery
          .delay(record, REDELIVERY_SECONDS[receives - 1] ?? 20)
          .catch((error: unknown) => {
            deps.telemetry.log('warn', 'visibility not changed', { townId, error: String(error) });
          });
      }
    }
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

const groupOf = ({ attributes }: SQSRecord): string => attributes.MessageGroupId ?? 'unknown';

async function quarantine(deps: ReconcilerDeps, record: SQSRecord, error: string): Promise<void> {
  const townId = groupOf(record);
  deps.telemetry.count('reconcile.facts_quarantined', 1);
  deps.telemetry.log('error', 'message quarantined', { townId, messageId: record.messageId, error });
  // Nobody could read it there, and nothing would ever take it away.
  if ((await deps.store.head(townId)) === undefined) return;
  await deps.store.quarantine(
    townId,
    { source: 'message', id: record.messageId, fact: record.body.slice(0, 4096), error },
    deps.now(),
  );
}
