import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Item, Update } from './items.ts';
import type { Key } from './keys.ts';

/** Attribute names are written `#name`, values `:name`. */
export interface Condition {
  readonly text: string;
  readonly values?: Item;
}
export const ABSENT: Condition = { text: 'attribute_not_exists(#pk)' };
export const PRESENT: Condition = { text: 'attribute_exists(#pk)' };

/** One write of one item, alone or in a transaction. */
export type Write =
  | { readonly op: 'put'; readonly item: Item & Key; readonly condition?: Condition }
  | { readonly op: 'update'; readonly key: Key; readonly update: Update; readonly condition?: Condition }
  | { readonly op: 'delete'; readonly key: Key; readonly condition?: Condition };

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export const keyOfWrite = (write: Write): Key => (write.op === 'put' ? write.item : write.key);

/** @param showsItem if the condition fails, the reason of the refusal holds the item as it stands. */
export function transactItem(TableName: string, write: Write, showsItem: boolean): TransactItem {
  const shared = {
    TableName,
    ...(showsItem ? { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const } : {}),
  };
  switch (write.op) {
    case 'put':
      return { Put: { ...shared, Item: write.item, ...conditionOf(write) } };
    case 'update':
      return { Update: { ...shared, Key: write.key, ...updateOf(write) } };
    case 'delete':
      return { Delete: { ...shared, Key: write.key, ...conditionOf(write) } };
  }
}

interface ConditionParameters {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Item;
}

export function conditionOf({ condition }: { readonly condition?: Condition }): ConditionParameters {
  if (condition === undefined) return {};
  return {
    ConditionExpression: condition.text,
    ExpressionAttributeNames: namesIn(condition.text),
    ...(condition.values === undefined ? {} : { ExpressionAttributeValues: condition.values }),
  };
}

/** `#version = :read` → `{ '#version': 'version' }` */
export const namesIn = (text: string): Record<string, string> =>
  Object.fromEntries((text.match(/#\w+/g) ?? []).map((name) => [name, name.slice(1)]));

/** Attributes by number, so that any attribute name can be written; conditions have names of their own. */
export function updateOf({ update, condition }: Write & { op: 'update' }): ConditionParameters & {
  UpdateExpression: string;
} {
  const names: Record<string, string> = {};
  const values: Item = {};
  const nameOf = (attribute: string): string => {
    const name = `#a${Object.keys(names).length}`;
    names[name] = attribute;
    return name;
  };
  const pairOf = ([attribute, value]: [string, unknown], between: string): string => {
    const name = nameOf(attribute);
    const placeholder = name.replace('#', ':');
    values[placeholder] = value;
    return `${name}${between}${placeholder}`;
  };
  const set = Object.entries(update.set ?? {}).map((entry) => pairOf(entry, ' = '));
  const add = Object.entries(update.add ?? {}).map((entry) => pairOf(entry, ' '));
  const remove = (update.remove ?? []).map(nameOf);
  const clauses = [
    set.length === 0 ? '' : `SET ${set.join(', ')}`,
    remove.length === 0 ? '' : `REMOVE ${remove.join(', ')}`,
    add.length === 0 ? '' : `ADD ${add.join(', ')}`,
  ];
  const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = conditionOf(
    condition === undefined ? {} : { condition },
  );
  const allValues = { ...values, ...ExpressionAttributeValues };
  return {
    UpdateExpression: clauses.filter((clause) => clause !== '').join(' '),
    ExpressionAttributeNames: { ...names, ...ExpressionAttributeNames },
    ...(Object.keys(allValues).length === 0 ? {} : { ExpressionAttributeValues: allValues }),
    ...(ConditionExpression === undefined ? {} : { ConditionExpression }),
  };
}
