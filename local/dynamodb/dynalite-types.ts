import type { Stream } from 'node:stream';
import type { Body, Item, SecondaryIndex, Table } from './wire.ts';

/** The internals of dynalite 4.0.0 that this folder uses. Its store's methods take a callback. */

/** Bounds of a reading of LevelDB. */
export interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** An iterator of LevelDB: a snapshot from when it was made, until it is closed. */
export interface Cursor<T> {
  nextv(size: number): Promise<T[]>;
  close(): Promise<void>;
}

export type BatchOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

/** The LevelDB behind dynalite's store. dynalite wraps these; called without a callback they return promises. */
export interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
  del(key: string): Promise<void>;
  batch(operations: readonly BatchOperation[]): Promise<void>;
  clear(range: Range): Promise<void>;
  keys(range: Range): Cursor<string>;
  values(range: Range): Cursor<unknown>;
  iterator(range: Range): Cursor<[string, unknown]>;
}

export type Callback<T = unknown> = (error?: unknown, value?: T) => void;

/** The part of the database with a table's items, or an index's entries. */
export interface SubDatabase {
  lock(key: string, run: (release: (done: Callback) => Callback) => void): void;
  get(key: string, done: Callback): void;
  put(key: string, value: Item, done: Callback): void;
  del(key: string, done: Callback): void;
  createValueStream(range: Range): Stream;
}

export interface StoreOptions {
  readonly path?: string;
  readonly createTableMs: number;
  readonly deleteTableMs: number;
  readonly updateTableMs: number;
  readonly maxItemSize?: number;
}

/** What an action is given: dynalite's own store, or one of ours in its shape. */
export interface Store {
  readonly options: StoreOptions;
  getTable(name: string, checkStatus: boolean | Callback<Table>, done?: Callback<Table>): void;
  getItemDb(table: string): Partial<SubDatabase>;
  getIndexDb(kind: string, table: string, index: string): Partial<SubDatabase>;
  deleteItemDb(table: string, done: Callback): void;
  deleteIndexDb(kind: string, table: string, index: string, done: Callback): void;
  deleteTagDb(table: string, done: Callback): void;
}

/** A request after dynalite's validation: numbers are normalised, expressions parsed. Opaque to us. */
export interface Validated {
  readonly TableName: string;
  readonly [field: string]: unknown;
}

/** What went wrong (an Error with `statusCode` and `body`), or nothing. */
export type Failure = Error | null | undefined;

export interface Dynalite {
  create(options: StoreOptions): Store & { readonly db: Level };
  validateKey(key: Item, table: Table): Failure;
  validateItem(item: Item, table: Table): Failure;
  /** Of a valid key or item: its place among the items of the table. */
  createKey(item: Item, table: Table): string;
  checkConditional(request: Validated, item: Item | undefined): Failure;
  getIndexActions(
    indexes: readonly SecondaryIndex[],
    before: Item | undefined,
    after: Item | undefined,
    table: Table,
  ): { readonly puts: readonly { readonly key: string; readonly item: Item }[] };
}

/** Both throw a Failure. */
export interface Validations {
  checkTypes(request: object, types: object): Validated;
  checkValidations(
    request: Validated,
    types: object,
    custom: unknown,
    store: { readonly options: StoreOptions },
  ): void;
}

export type Action = (store: Store, request: Validated, done: Callback<Body>) => void;
