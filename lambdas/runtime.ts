import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import type { ReconcilerStore, TownStore } from '../core/ports.ts';
import { createReconcilerStore } from './adapters/dynamodb/reconciler-store.ts';
import { createTownStore } from './adapters/dynamodb/store.ts';

/** What every function's index needs: its environment, read at the first call, and its clients, made once. */

/** The environment, checked. Throws an error that names what is missing. */
export function environment<T>(schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The function's environment is incomplete: ${wrong.join('; ')}`);
}

/** Calls `make` at the first use and keeps what it made. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

export const documentClient = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });

export const townStore = (tableName: string, codeVersion: string): TownStore =>
  createTownStore({ client: documentClient(), tableName, codeVersion });

export const reconcilerStore = (tableName: string, codeVersion: string): ReconcilerStore =>
  createReconcilerStore({ client: documentClient(), tableName, codeVersion });
