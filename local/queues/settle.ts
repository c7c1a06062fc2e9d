import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import * as z from 'zod';

/** What Lambda accepts; anything else fails the whole batch. */
const batchResponse = z
  .looseObject({ batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string() })).nullish() })
  .nullish();

/** What became of one invocation of a handler. */
export type Outcome =
  | { kind: 'returned'; response: SQSBatchResponse | void }
  | { kind: 'threw'; error: unknown };

export interface Settlement {
  /** To be deleted; every other record stays in flight until its visibility timeout. */
  readonly done: readonly SQSRecord[];
  /** Why records were kept although the handler did not name them. */
  readonly error?: unknown;
}

/**
 * Lambda's rules for a batch with `ReportBatchItemFailures`: nothing returned or an empty list is success; a thrown error,
 * or an identifier that is not in the batch, fails all of it. One rule is stricter: on a FIFO queue a failure keeps every
 * later record of its group too, where Lambda deletes what was not named and so breaks the order; then `error` says so.
 */
export function settle(records: readonly SQSRecord[], outcome: Outcome, isFifo: boolean): Settlement {
  if (outcome.kind === 'threw') {
    return { done: [], error: outcome.error };
  }
  const response = batchResponse.safeParse(outcome.response);
  if (!response.success) {
    return { done: [], error: response.error };
  }
  const failures = response.data?.batchItemFailures ?? [];
  const failedIds = new Set(failures.map((failure) => failure.itemIdentifier));
  const knownIds = new Set(records.map((record) => record.messageId));
  const unknownId = [...failedIds].find((id) => !knownIds.has(id));
  if (unknownId !== undefined) {
    return { done: [], error: new Error(`the handler named ${unknownId}, which is not in its batch`) };
  }
  return isFifo ? settleInOrder(records, failedIds) : { done: records.filter(isNotIn(failedIds)) };
}

function settleInOrder(records: readonly SQSRecord[], failedIds: ReadonlySet<string>): Settlement {
  const failedGroups = new Set<string>();
  const done: SQSRecord[] = [];
  let unnamed = 0;
  for (const record of records) {
    const group = groupOf(record);
    if (failedIds.has(record.messageId)) {
      failedGroups.add(group);
    } else if (failedGroups.has(group)) {
      unnamed += 1;
    } else {
      done.push(record);
    }
  }
  return unnamed === 0
    ? { done }
    : {
        done,
        error: new Error(
          `the handler left out ${unnamed} records that follow a failed one of their group: Lambda would delete them`,
        ),
      };
}

/** The record's message group; '' on a standard queue. */
export function groupOf(record: SQSRecord): string {
  return record.attributes.MessageGroupId ?? '';
}

function isNotIn(ids: ReadonlySet<string>): (record: SQSRecord) => boolean {
  return (record) => !ids.has(record.messageId);
}
