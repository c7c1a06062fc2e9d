import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { TownFunction } from './town-function.ts';
import { sendTo } from './town-queues.ts';

export interface SweepScheduleProps {
  readonly sweeper: TownFunction;
  /** Takes the calls that could not be made. */
  readonly deadLetters: Queue;
}

/** Calls the sweeper once a minute. What could not be called is kept for a look; the next minute makes up for it. */
export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, { sweeper, deadLetters }: SweepScheduleProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    const target = sweeper.function.functionArn;
    // This version and no other: the right that the construct library gives covers every version.
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target] }));
    role.addToPolicy(sendTo(deadLetters));
    const schedule = new CfnSchedule(this, 'Schedule', {
      description: 'Gastown: wakes the towns whose time has come',
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: target,
        roleArn: role.roleArn,
        input: '{}',
        // An older sweep has nothing to do that the next one does not do.
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
    });
    schedule.node.addDependency(role);
  }
}
