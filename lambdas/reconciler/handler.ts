import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { MESSAGE_VERSION, townMessage, type MessageFact } from '../../core/facts/message.ts';
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
 * acknowledged, so that it never blocks its group; what is newer than this code goes back.
 */
export function createReconcilerHandler(deps: ReconcilerDeps & { redelivery: Redelivery }) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failed = new Set<string>();
    const towns = new Map<string, TownBatch>();
    for (const record of event.Records) {
      const parsed = townMessage.safeParse(parseJson(record.body));
      if (!parsed.success) {
        if (isNewer(record.body)) failed.add(record.messageId);
        else await quarantine(deps, record, parsed.error.message);
        continue;
      }
      const { townId, fact, v } = parsed.data;
      if (v > MESSAGE_VERSION) {
        failed.add(record.messageId);
        continue;
      }
      const batch = towns.get(townId) ?? { records: [], facts: [] };
      batch.records.push(record);
      if (fact !== undefined) batch.facts.push(fact);
      towns.set(townId, batch);
    }
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A message of a later version may have a fact that this code does not know; it is not a bad one. */
function isNewer(body: string): boolean {
  const value = parseJson(body);
  if (typeof value !== 'object' || value === null || !('v' in value)) return false;
  return typeof value.v === 'number' && value.v > MESSAGE_VERSION;
}

async function quarantine(deps: ReconcilerDeps, record: SQSRecord, error: string): Promise<void> {
  const townId = record.attributes.MessageGroupId ?? 'unknown';
  deps.telemetry.count('reconcile.facts_quarantined', 1);
  deps.telemetry.log('error', 'message quarantined', { townId, messageId: record.messageId, error });
  await deps.store.quarantine(
    townId,
    { source: 'message', id: record.messageId, fact: record.body.slice(0, 4096), error },
    deps.now(),
  );
}
