import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { named } from './invalid.ts';
import { toAttributes, type PlainItem } from './plain-item.ts';

/** The errors of the service, as the SDK's classes. */

const $metadata = { httpStatusCode: 400 };

export const conditionFailed = (): Error =>
  new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata });

export const conflictOfOne = (): Error =>
  new TransactionConflictException({ message: 'Transaction is ongoing for the item', $metadata });

/** @param reasons one a write; undefined: nothing against it. `item` is shown where the write asked for it. */
export function cancelled(
  reasons: readonly ({ readonly code: string; readonly item?: PlainItem | undefined } | undefined)[],
): Error {
  const codes = reasons.map((reason) => reason?.code ?? 'None');
  return new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: reasons.map((reason) => ({
      Code: reason?.code ?? 'None',
      ...(reason?.item === undefined
        ? {}
        : // The shape is what `toAttributes` makes.
          { Item: toAttributes(reason.item) as Record<string, AttributeValue> }),
    })),
    $metadata,
  });
}

export const throttled = (): Error =>
  named(
    'ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput was exceeded',
    400,
  );
/** The connection broke: nobody knows whether the request was carried out. */
export const timedOut = (): Error => named('TimeoutError', 'The request timed out', 0);
