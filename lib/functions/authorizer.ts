import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Keys } from '../keys.ts';
import { TownFunction, type FunctionDefaults } from '../town-function.ts';
import type { TownTable } from '../town-table.ts';

export interface AuthorizerFunctionProps extends FunctionDefaults {
  readonly table: TownTable;
  readonly keys: Keys;
}

/** Checks tokens and tickets. Of the table it sees tickets only, and it can sign nothing. */
export class AuthorizerFunction extends TownFunction {
  constructor(scope: Construct, id: string, { table, keys, ...defaults }: AuthorizerFunctionProps) {
    super(scope, id, {
      ...defaults,
      name: 'authorizer',
      description: 'Gastown: checks the tokens of containers and agents, and the tickets of browsers',
      // API Gateway waits 10 s for an authorizer.
      timeout: Duration.seconds(10),
      environment: {
        TABLE_NAME: table.table.tableName,
        SIGNING_KEY_ID: keys.signing.keyId,
        MAC_KEY_ID: keys.mac.keyId,
      },
      permissions: [table.items(['GetItem', 'DeleteItem'], ['TICKET#*']), keys.readSigningKey()],
    });
  }
}
