import batchGetItem from 'dynalite/actions/batchGetItem.js';
import createTable from 'dynalite/actions/createTable.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import deleteTable from 'dynalite/actions/deleteTable.js';
import describeTable from 'dynalite/actions/describeTable.js';
import getItem from 'dynalite/actions/getItem.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import updateItem from 'dynalite/actions/updateItem.js';
import updateTable from 'dynalite/actions/updateTable.js';
import type { Action, Store, Validated, Validations } from './dynalite-types.ts';
import batchGetItemRules from 'dynalite/validations/batchGetItem.js';
import batchWriteItemRules from 'dynalite/validations/batchWriteItem.js';
import createTableRules from 'dynalite/validations/createTable.js';
import deleteItemRules from 'dynalite/validations/deleteItem.js';
import deleteTableRules from 'dynalite/validations/deleteTable.js';
import describeTableRules from 'dynalite/validations/describeTable.js';
import getItemRules from 'dynalite/validations/getItem.js';
import listTablesRules from 'dynalite/validations/listTables.js';
import untypedValidations from 'dynalite/validations/index.js';
import putItemRules from 'dynalite/validations/putItem.js';
import queryRules from 'dynalite/validations/query.js';
import scanRules from 'dynalite/validations/scan.js';
import updateItemRules from 'dynalite/validations/updateItem.js';
import updateTableRules from 'dynalite/validations/updateTable.js';
import { ServiceError } from './service-error.ts';
import type { Body } from './wire.ts';

const validations = untypedValidations as Validations;

const actions = {
  BatchGetItem: batchGetItem,
  CreateTable: createTable,
  DeleteItem: deleteItem,
  DeleteTable: deleteTable,
  DescribeTable: describeTable,
  GetItem: getItem,
  PutItem: putItem,
  Query: query,
  Scan: scan,
  UpdateItem: updateItem,
  UpdateTable: updateTable,
} as const;
export type ActionName = keyof typeof actions;

const rules = {
  BatchGetItem: batchGetItemRules,
  BatchWriteItem: batchWriteItemRules,
  CreateTable: createTableRules,
  DeleteItem: deleteItemRules,
  DeleteTable: deleteTableRules,
  DescribeTable: describeTableRules,
  GetItem: getItemRules,
  ListTables: listTablesRules,
  PutItem: putItemRules,
  Query: queryRules,
  Scan: scanRules,
  UpdateItem: updateItemRules,
  UpdateTable: updateTableRules,
} as const;
export type ValidatedName = keyof typeof rules;

/** Item sizes are checked by `item-size.ts`, which counts bytes; dynalite counts characters, and never more than bytes. */
const CHARACTER_LIMIT = {
  options: { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, maxItemSize: 400 * 1024 },
};

/** Checks a request as DynamoDB does and parses its expressions. Throws ServiceError. The request is left as it was. */
export function validate(name: ValidatedName, request: Body): Validated {
  const { types, custom } = rules[name];
  try {
    const checked = validations.checkTypes(structuredClone(request), types);
    validations.checkValidations(checked, types, custom, CHARACTER_LIMIT);
    return checked;
  } catch (error) {
    throw ServiceError.from(error);
  }
}

/**
 * Runs one of dynalite's actions. `makeStore` gets a function to call with errors that come up outside of the action's own
 * callbacks, which would otherwise take the process down. Rejects with ServiceError or an unexpected error.
 */
export function runAction(
  name: ActionName,
  request: Validated,
  makeStore: (fail: (error: unknown) => void) => Store,
): Promise<Body> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(ServiceError.from(error));
    try {
      const run = actions[name] as Action;
      run(makeStore(fail), request, (error, answer) => {
        if (error) fail(error);
        else resolve(answer ?? {});
      });
    } catch (error) {
      fail(error);
    }
  });
}
