import * as z from 'zod';
import { getTable, type Database } from './database.ts';
import { settingsPrefix } from './keyspace.ts';
import type { WriteLock } from './lock.ts';
import { ServiceError } from './service-error.ts';
import type { Body } from './wire.ts';

const settings = z.object({
  timeToLiveAttribute: z.string().optional(),
  isPointInTimeRecoveryOn: z.boolean().default(false),
});
type TableSettings = z.infer<typeof settings>;

async function readSettings({ level }: Database, tableName: string): Promise<TableSettings> {
  return settings.parse((await level.get(settingsPrefix + tableName)) ?? {});
}

/** The attribute whose time ends an item, while time to live is on. */
export async function timeToLiveAttribute(
  database: Database,
  tableName: string,
): Promise<string | undefined> {
  return (await readSettings(database, tableName)).timeToLiveAttribute;
}

const tableRequest = z.object({ TableName: z.string() });
const updateTimeToLiveRequest = tableRequest.extend({
  TimeToLiveSpecification: z.object({ AttributeName: z.string().min(1).max(255), Enabled: z.boolean() }),
});
const updateBackupsRequest = tableRequest.extend({
  PointInTimeRecoverySpecification: z.object({ PointInTimeRecoveryEnabled: z.boolean() }),
});

/** Works at once; in AWS it takes up to an hour. */
export async function updateTimeToLive(database: Database, lock: WriteLock, body: Body): Promise<Body> {
  const { TableName, TimeToLiveSpecification } = parse(updateTimeToLiveRequest, body);
  const { AttributeName, Enabled } = TimeToLiveSpecification;
  return lock.run(async () => {
    await getTable(database, TableName);
    const { timeToLiveAttribute: current, ...others } = await readSettings(database, TableName);
    if (Enabled === (current !== undefined)) {
      throw ServiceError.validation(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
    }
    if (!Enabled && current !== AttributeName) {
      throw ServiceError.validation(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${current ?? ''}`,
      );
    }
    const changed = Enabled ? { ...others, timeToLiveAttribute: AttributeName } : others;
    await database.level.put(settingsPrefix + TableName, changed);
    return { TimeToLiveSpecification };
  });
}

export async function describeTimeToLive(database: Database, body: Body): Promise<Body> {
  const { TableName } = parse(tableRequest, body);
  await getTable(database, TableName);
  const attribute = await timeToLiveAttribute(database, TableName);
  return {
    TimeToLiveDescription:
      attribute === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute },
  };
}

/** The setting is kept and answered; there are no backups on one machine. */
export async function updateContinuousBackups(
  database: Database,
  lock: WriteLock,
  body: Body,
): Promise<Body> {
  const { TableName, PointInTimeRecoverySpecification } = parse(updateBackupsRequest, body);
  return lock.run(async () => {
    await getTable(database, TableName);
    const current = await readSettings(database, TableName);
    const isPointInTimeRecoveryOn = PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled;
    await database.level.put(settingsPrefix + TableName, { ...current, isPointInTimeRecoveryOn });
    return backupsDescription(isPointInTimeRecoveryOn);
  });
}

export async function describeContinuousBackups(database: Database, body: Body): Promise<Body> {
  const { TableName } = parse(tableRequest, body);
  await getTable(database, TableName);
  return backupsDescription((await readSettings(database, TableName)).isPointInTimeRecoveryOn);
}

function backupsDescription(isPointInTimeRecoveryOn: boolean): Body {
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: isPointInTimeRecoveryOn ? 'ENABLED' : 'DISABLED',
      },
    },
  };
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const { success, data, error } = schema.safeParse(body);
  if (success) return data;
  throw ServiceError.validation(`1 validation error detected: ${z.prettifyError(error)}`);
}
