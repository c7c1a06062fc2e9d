import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/**
 * What the GitHub App is known by. Both are made empty: `gastown github-app create` puts their values, and they never stand in a template.
 * Neither goes with the stack.
 */
export class GitHubAppSecrets extends Construct {
  /** What signs for the app, and its client secret. */
  readonly key: CfnSecret;
  /** What webhooks are signed with: `{ webhookSecrets: [current, previous] }`. */
  readonly webhook: CfnSecret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = this.#empty('Key', 'Gastown: the private key of the GitHub App');
    this.webhook = this.#empty('Webhook', "Gastown: the secrets of the GitHub App's webhook");
    acknowledge(
      this,
      'SMG4',
      'GitHub makes these values and has no API that replaces them: who owns the app rotates them on its page, and two are valid meanwhile.',
    );
  }

  /** Leave to read the key. One function has it. */
  readKey(): PolicyStatement {
    return this.#read(this.key);
  }

  /** Leave to read what webhooks are signed with. One function has it. */
  readWebhookSecrets(): PolicyStatement {
    return this.#read(this.webhook);
  }

  #read({ ref }: CfnSecret): PolicyStatement {
    return new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [ref] });
  }

  #empty(id: string, description: string): CfnSecret {
    const secret = new CfnSecret(this, id, { description });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return secret;
  }
}
