import { fileURLToPath } from 'node:url';
import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal, type IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime, type CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { BUNDLING, entryOf } from './bundling.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What all functions of a stack share. */
export interface FunctionDefaults {
  /** Leave to write traces. */
  readonly traces: IManagedPolicy;
  /** @default three months */
  readonly logRetention?: RetentionDays;
}

export interface TownFunctionProps extends FunctionDefaults {
  /** Folder under `lambdas/`, whose `index.ts` exports the handler. */
  readonly name: string;
  readonly description: string;
  /** What the schema in that `index.ts` asks for. */
  readonly environment: Readonly<Record<string, string>>;
  /** All that the function may do, besides writing its logs and traces. */
  readonly permissions: readonly PolicyStatement[];
  /** Leaves that several functions share. @default only that to write traces */
  readonly policies?: readonly IManagedPolicy[];
  /** @default 29 s, the longest that API Gateway waits */
  readonly timeout?: Duration;
  /**
   * Takes what a caller that does not wait has asked for in vain.
   * @default nobody calls without waiting
   */
  readonly onFailure?: Queue;
  /**
   * How often a call that nobody waits for is tried again.
   * @default never: who calls on a schedule calls again
   */
  readonly retryAttempts?: 1 | 2;
  /** @default 512 */
  readonly memoryMiB?: number;
}

/** One of the functions: its bundle, its own role, its log group. Nothing is permitted but what its props say. */
export class TownFunction extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: TownFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention ?? RetentionDays.THREE_MONTHS,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [props.traces, ...(props.policies ?? [])],
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    for (const permission of props.permissions) role.addToPolicy(permission);
    this.function = new NodejsFunction(this, 'Function', {
      description: props.description,
      entry: entryOf(props.name),
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout ?? Duration.seconds(29),
      memorySize: props.memoryMiB ?? 512,
      environment: { ...props.environment },
      // Keep-alive is the SDK's own default by now.
      awsSdkConnectionReuse: false,
      ...(props.onFailure === undefined
        ? {}
        : { deadLetterQueue: props.onFailure, retryAttempts: props.retryAttempts ?? 0 }),
      role,
      logGroup,
      bundling: {
        format: OutputFormat.ESM,
        target: BUNDLING.target,
        minify: true,
        // The runtime's SDK is whatever version AWS has put there; ours is tested, and shaken.
        bundleAwsSDK: true,
        mainFields: [...BUNDLING.mainFields],
        banner: BUNDLING.banner,
        esbuildArgs: Object.fromEntries(
          Object.entries(BUNDLING.alias).map(([name, file]) => [`--alias:${name}`, file]),
        ),
        // Never Docker: without esbuild the synth must say so.
        forceDockerBundling: false,
        logLevel: LogLevel.WARNING,
      },
    });
    // Not by its prop, which would let each role write everywhere once more.
    const resource = this.function.node.defaultChild as CfnFunction;
    resource.tracingConfig = { mode: 'Active' };
  }
}
