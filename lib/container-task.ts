import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Duration, IgnoreMode } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  Cluster,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import {
  ManagedPolicy,
  PolicyStatement,
  Role,
  ServicePrincipal,
  type IManagedPolicy,
} from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Network } from './network.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCKERFILE = 'task-image/Dockerfile';

export interface ContainerTaskProps {
  readonly network: Network;
  /** @default three months */
  readonly logRetention?: RetentionDays;
}

/**
 * What a town's container runs as: a Fargate task of 2 vCPU and 8 GiB on ARM64. Nobody connects to it, and its role can do
 * nothing: all that it may, its tokens say.
 */
export class ContainerTask extends Construct {
  readonly cluster: Cluster;
  readonly definition: FargateTaskDefinition;
  readonly containerName = 'supervisor';
  readonly securityGroup: SecurityGroup;
  readonly subnetIds: readonly string[];
  /** Leave to find and stop tasks of this cluster. */
  readonly findAndStop: IManagedPolicy;
  readonly #passedRoles: readonly string[];

  constructor(scope: Construct, id: string, { network, logRetention }: ContainerTaskProps) {
    super(scope, id);
    this.subnetIds = network.subnets.map(({ subnetId }) => subnetId);
    this.cluster = new Cluster(this, 'Cluster', {
      vpc: network.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
      enableFargateCapacityProviders: true,
    });
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'Gastown containers: they dial out, nothing comes in',
      allowAllOutbound: true,
    });
    const assumedBy = new ServicePrincipal('ecs-tasks.amazonaws.com');
    const taskRole = new Role(this, 'TaskRole', {
      assumedBy,
      description: 'Gastown containers: may do nothing',
    });
    const executionRole = new Role(this, 'ExecutionRole', {
      assumedBy,
      description: 'Fargate: fetches the image, writes the log',
    });
    this.findAndStop = new ManagedPolicy(this, 'FindAndStop', {
      description: 'Gastown: find and stop tasks of this cluster',
      statements: [
        new PolicyStatement({
          actions: ['ecs:ListTasks', 'ecs:DescribeTasks', 'ecs:StopTask'],
          resources: ['*'],
          conditions: this.#onThisCluster(),
        }),
      ],
    });
    acknowledge(
      this,
      'IAM5[Resource::*]',
      'ecr:GetAuthorizationToken takes * only, and the rights on the one repository limit it. Ids of tasks are not known before, and ListTasks takes no cluster as its resource; a condition limits them to the one cluster.',
    );
    this.#passedRoles = [taskRole.roleArn, executionRole.roleArn];
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      cpu: 2048,
      memoryLimitMiB: 8192,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      taskRole,
      executionRole,
    });
    this.definition.addContainer(this.containerName, {
      containerName: this.containerName,
      image: ContainerImage.fromAsset(ROOT, {
        file: DOCKERFILE,
        platform: Platform.LINUX_ARM64,
        exclude: readFileSync(`${ROOT}${DOCKERFILE}.dockerignore`, 'utf8').trim().split('\n'),
        ignoreMode: IgnoreMode.DOCKER,
      }),
      // The most that Fargate gives: work in progress is pushed and saved meanwhile. The image's supervisor is told the same.
      stopTimeout: Duration.seconds(120),
      linuxParameters: new LinuxParameters(this, 'Linux', { initProcessEnabled: true }),
      logging: LogDriver.awsLogs({
        streamPrefix: 'town',
        logGroup: new LogGroup(this, 'Logs', { retention: logRetention ?? RetentionDays.THREE_MONTHS }),
      }),
    });
  }

  /** Leave to start this task, with these roles, on this cluster. */
  start(): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: ['ecs:RunTask'],
        resources: [this.definition.taskDefinitionArn],
        conditions: this.#onThisCluster(),
      }),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [...this.#passedRoles],
        conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      }),
    ];
  }

  #onThisCluster() {
    return { ArnEquals: { 'ecs:cluster': this.cluster.clusterArn } };
  }
}
