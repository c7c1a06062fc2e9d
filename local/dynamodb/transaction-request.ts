import type { Validated } from './dynalite-types.ts';
import * as z from 'zod';
import { returnConsumedCapacity } from './capacity.ts';
import { validate } from './dynalite-actions.ts';
import { ServiceError } from './service-error.ts';
import type { WriteAction } from './staged-write.ts';

/** Source: TransactWriteItems and TransactGetItems of the API reference. */
const MAX_OPERATIONS = 100;

const attributes = z.record(z.string(), z.unknown());
const target = {
  TableName: z.string(),
  ExpressionAttributeNames: attributes.nullish(),
};
const conditional = {
  ...target,
  ConditionExpression: z.string().nullish(),
  ExpressionAttributeValues: attributes.nullish(),
  ReturnValuesOnConditionCheckFailure: z.enum(['ALL_OLD', 'NONE']).nullish(),
};

const writeItem = z.object({
  Put: z.object({ ...conditional, Item: attributes }).nullish(),
  Update: z.object({ ...conditional, Key: attributes, UpdateExpression: z.string() }).nullish(),
  Delete: z.object({ ...conditional, Key: attributes }).nullish(),
  ConditionCheck: z.object({ ...conditional, Key: attributes, ConditionExpression: z.string() }).nullish(),
});
const transactWriteItems = z.object({
  TransactItems: z.array(writeItem).min(1).max(MAX_OPERATIONS),
  ClientRequestToken: z.string().min(1).max(36).nullish(),
  ReturnConsumedCapacity: returnConsumedCapacity,
});
const transactGetItems = z.object({
  TransactItems: z
    .array(
      z.object({ Get: z.object({ ...target, Key: attributes, ProjectionExpression: z.string().nullish() }) }),
    )
    .min(1)
    .max(MAX_OPERATIONS),
  ReturnConsumedCapacity: returnConsumedCapacity,
});

export interface TransactionWrite {
  readonly action: WriteAction | 'ConditionCheck';
  readonly request: Validated;
  /** ReturnValuesOnConditionCheckFailure = ALL_OLD */
  readonly showsItemOnFailure: boolean;
}

/** A valid TransactWriteItems request. `parameters` is what a repeated ClientRequestToken must come with. Throws ServiceError. */
export function parseTransactWrite(body: unknown): {
  readonly writes: readonly TransactionWrite[];
  readonly parameters: unknown;
  readonly token: string | undefined;
  readonly capacity: z.infer<typeof returnConsumedCapacity>;
} {
  const request = parse(transactWriteItems, body);
  return {
    writes: request.TransactItems.map(toWrite),
    parameters: request.TransactItems,
    token: request.ClientRequestToken ?? undefined,
    capacity: request.ReturnConsumedCapacity,
  };
}

function toWrite({ Put, Update, Delete, ConditionCheck }: z.infer<typeof writeItem>): TransactionWrite {
  const stated = [
    ...(Put ? [{ action: 'PutItem' as const, operation: Put }] : []),
    ...(Update ? [{ action: 'UpdateItem' as const, operation: Update }] : []),
    ...(Delete ? [{ action: 'DeleteItem' as const, operation: Delete }] : []),
    ...(ConditionCheck ? [{ action: 'ConditionCheck' as const, operation: ConditionCheck }] : []),
  ];
  const [only, ...more] = stated;
  if (!only || more.length > 0) {
    throw ServiceError.validation('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const { action, operation } = only;
  return {
    action,
    // A condition check is a delete that is not done: the same fields, the same rules.
    request: validate(action === 'ConditionCheck' ? 'DeleteItem' : action, operation),
    showsItemOnFailure: operation.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
}

/** A valid TransactGetItems request. Throws ServiceError. */
export function parseTransactGet(body: unknown): {
  readonly gets: readonly Validated[];
  readonly capacity: z.infer<typeof returnConsumedCapacity>;
} {
  const { TransactItems, ReturnConsumedCapacity } = parse(transactGetItems, body);
  return { gets: TransactItems.map(({ Get }) => validate('GetItem', Get)), capacity: ReturnConsumedCapacity };
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const { success, data, error } = schema.safeParse(body);
  if (success) return data;
  const [issue] = error.issues;
  throw ServiceError.validation(
    `1 validation error detected: Value at '${wirePath(issue?.path ?? [])}' failed to satisfy constraint: ${
      issue?.message ?? 'invalid'
    }`,
  );
}

/** `transactItems.1.member.update.key`, as DynamoDB writes paths. */
function wirePath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `${part + 1}.member` : lowerFirst(String(part))))
    .join('.');
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
