import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { GitHubAppSecrets } from '../github-app-secrets.ts';
import { TownFunction, type FunctionDefaults } from '../town-function.ts';
import type { TownQueues } from '../town-queues.ts';
import type { TownTable } from '../town-table.ts';

export interface GitTokenServiceFunctionProps extends FunctionDefaults {
  readonly table: TownTable;
  readonly queues: TownQueues;
  readonly appSecrets: GitHubAppSecrets;
  readonly codeVersion: string;
}

/** Signs for the GitHub App, and nobody else does. Of the table it sees who owns a town and an integration. */
export class GitTokenServiceFunction extends TownFunction {
  constructor(
    scope: Construct,
    id: string,
    { table, queues, appSecrets, codeVersion, ...defaults }: GitTokenServiceFunctionProps,
  ) {
    super(scope, id, {
      ...defaults,
      name: 'git-token-service',
      description: 'Gastown: tokens of the GitHub App for the other functions',
      // A look for lost deliveries asks for no more after 40 s.
      timeout: Duration.seconds(60),
      // The schedule does not wait for its answer; the next look begins where the last one ended.
      onFailure: queues.redeliveryDeadLetters,
      environment: {
        TABLE_NAME: table.table.tableName,
        CODE_VERSION: codeVersion,
        GITHUB_APP_SECRET_ARN: appSecrets.key.ref,
      },
      permissions: [
        appSecrets.readKey(),
        table.items(['GetItem'], ['TOWN#*', 'INTEGRATION#*', 'PLATFORM#REDELIVERY']),
        table.items(['PutItem'], ['PLATFORM#REDELIVERY']),
      ],
    });
  }

  /** Leave to ask it. */
  ask(): PolicyStatement {
    return new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [this.function.functionArn],
    });
  }
}
