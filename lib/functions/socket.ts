import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TownFunction, type FunctionDefaults } from '../town-function.ts';
import type { TownTable } from '../town-table.ts';

export interface SocketFunctionProps extends FunctionDefaults {
  readonly table: TownTable;
}

/** Remembers who is connected; of the table it sees nothing else. */
export class SocketFunction extends TownFunction {
  constructor(scope: Construct, id: string, { table, ...defaults }: SocketFunctionProps) {
    super(scope, id, {
      ...defaults,
      name: 'socket',
      description: 'Gastown: remembers the connections of containers and browsers',
      timeout: Duration.seconds(10),
      environment: { TABLE_NAME: table.table.tableName },
      permissions: [table.items(['PutItem', 'DeleteItem'], ['CONN#*'])],
    });
  }
}
