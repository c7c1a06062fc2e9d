import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** Leave to write traces; one for all functions. */
export class TracePolicy extends ManagedPolicy {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      statements: [
        new PolicyStatement({
          actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
          resources: ['*'],
        }),
      ],
    });
    acknowledge(
      this,
      'IAM5[Resource::*]',
      'X-Ray has no resources that could be named: both actions take * only.',
    );
  }
}
