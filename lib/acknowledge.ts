import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Why a finding of the AWS Solutions checks does not count for a construct and what is in it. Each is one too many. */
export const acknowledge = (construct: IConstruct, rule: string, reason: string): void =>
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason });
