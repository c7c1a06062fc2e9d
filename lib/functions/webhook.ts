import type { Construct } from 'constructs';
import type { GitHubAppSecrets } from '../github-app-secrets.ts';
import { TownFunction, type FunctionDefaults } from '../town-function.ts';
import { sendTo, type TownQueues } from '../town-queues.ts';
import type { TownTable } from '../town-table.ts';

export interface WebhookFunctionProps extends FunctionDefaults {
  readonly table: TownTable;
  readonly queues: TownQueues;
  readonly appSecrets: GitHubAppSecrets;
  readonly codeVersion: string;
}

/** What GitHub calls. It knows what webhooks are signed with, and neither the app's key nor a secret of a town. */
export class WebhookFunction extends TownFunction {
  constructor(
    scope: Construct,
    id: string,
    { table, queues, appSecrets, codeVersion, ...defaults }: WebhookFunctionProps,
  ) {
    super(scope, id, {
      ...defaults,
      name: 'webhook',
      description: 'Gastown: takes what GitHub tells of',
      environment: {
        TABLE_NAME: table.table.tableName,
        TOWN_QUEUE_URL: queues.townEvents.queueUrl,
        GITHUB_WEBHOOK_SECRET_ARN: appSecrets.webhook.ref,
        CODE_VERSION: codeVersion,
      },
      permissions: [
        table.items(['GetItem'], ['DELIVERY#*', 'INTEGRATION#*', 'TOWN#*']),
        table.items(['Query'], ['REPOSITORY#*']),
        table.items(['PutItem'], ['DELIVERY#*']),
        table.items(['UpdateItem'], ['INTEGRATION#*']),
        sendTo(queues.townEvents),
        appSecrets.readWebhookSecrets(),
      ],
    });
  }
}
