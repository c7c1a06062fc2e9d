import type { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { TownFunction } from './town-function.ts';
import { sendTo } from './town-queues.ts';

export interface FunctionScheduleProps {
  readonly description: string;
  readonly target: TownFunction;
  /** Whole minutes. */
  readonly every: Duration;
  /** What the function is called with. @default an empty object */
  readonly input?: object;
  /** Takes the calls that could not be made. */
  readonly deadLetters: Queue;
}

/** Calls a function again and again. What could not be called is kept for a look; the next call makes up for it. */
export class FunctionSchedule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { description, target, every, input = {}, deadLetters }: FunctionScheduleProps,
  ) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    const arn = target.function.functionArn;
    // This version and no other: the right that the construct library gives covers every version.
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [arn] }));
    role.addToPolicy(sendTo(deadLetters));
    const minutes = every.toMinutes();
    const schedule = new CfnSchedule(this, 'Schedule', {
      description,
      scheduleExpression: minutes === 1 ? 'rate(1 minute)' : `rate(${minutes} minutes)`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn,
        roleArn: role.roleArn,
        input: JSON.stringify(input),
        // An older call has nothing to do that the next one does not do.
        retryPolicy: { maximumEventAgeInSeconds: every.toSeconds(), maximumRetryAttempts: 0 },
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
    });
    schedule.node.addDependency(role);
  }
}
