import { PutCommand, QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * P1: what one would write first on DynamoDB. Every tick loads every bead of the town, ended ones too, looks at each with each rule, and puts
 * what it changes back, one by one.
 * @returns beads that were looked at and changed
 */
export async function tick(
  client: DynamoDBDocumentClient,
  tableName: string,
  townId: string,
  now: number,
): Promise<{ seen: number; changed: number }> {
  const beads: Record<string, unknown>[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `TOWN#${townId}` },
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    beads.push(...(page.Items ?? []).filter(({ sk }) => /^(LIVE#BEAD|DONE)#/.test(String(sk))));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  const byId = new Map(beads.map((one) => [String(one['id']), one]));
  let changed = 0;
  for (const one of beads) {
    if (!RULES.some((rule) => rule(one, byId, now))) continue;
    changed += 1;
    await client.send(new PutCommand({ TableName: tableName, Item: { ...one, updatedAt: now } }));
  }
  return { seen: beads.length, changed };
}

type Item = Readonly<Record<string, unknown>>;
type TickRule = (one: Item, all: ReadonlyMap<string, Item>, now: number) => boolean;

const isOpen = (one: Item | undefined): boolean =>
  one?.['status'] !== 'closed' && one?.['status'] !== 'failed';
const MINUTE_MS = 60_000;

/** Whether a rule would change the bead: dispatch, lost workers, stale work, orphaned reviews, reviews that hang, the landing. */
const RULES: readonly TickRule[] = [
  (one, all) =>
    one['status'] === 'open' &&
    one['isHeld'] !== true &&
    ((one['dependsOn'] ?? []) as { id: string }[]).every(({ id }) => !isOpen(all.get(id))),
  (one, _, now) => one['status'] === 'in_progress' && now - Number(one['updatedAt']) > 5 * MINUTE_MS,
  (one) => one['status'] === 'in_progress' && one['assigneeAgentId'] === undefined,
  (one, _, now) => one['status'] === 'in_review' && now - Number(one['updatedAt']) > 5 * MINUTE_MS,
  (one) => one['status'] === 'open' && Number(one['attempt']) >= 5,
];
