import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { nameOf, ofType, one, ROOT, stackResources, textOf, type Resources } from './template.ts';

let resources: Resources;
beforeAll(async () => {
  resources = await stackResources();
}, 60_000);

describe('the network', () => {
  test('lets nothing in', () => {
    const groups = ofType(resources, 'AWS::EC2::SecurityGroup');
    expect(groups.map(([id]) => nameOf(id))).toEqual(['ContainersSecurityGroup']);
    for (const [, { Properties }] of groups) expect(Properties).not.toHaveProperty('SecurityGroupIngress');
    expect(ofType(resources, 'AWS::EC2::SecurityGroupIngress')).toEqual([]);
  });

  test.each([
    { type: 'AWS::EC2::NatGateway', reason: 'it costs while nobody uses it' },
    { type: 'AWS::EC2::EIP', reason: 'so does an address' },
    { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', reason: 'nobody connects to a container' },
    { type: 'AWS::ECS::Service', reason: 'a town has a task when it has work' },
  ])('has no $type: $reason', ({ type }) => {
    expect(ofType(resources, type)).toEqual([]);
  });

  test('reaches S3 and DynamoDB by gateways, which are free', () => {
    const endpoints = ofType(resources, 'AWS::EC2::VPCEndpoint').map(([, { Properties }]) => Properties);
    expect(endpoints.map(({ VpcEndpointType }) => VpcEndpointType)).toEqual(['Gateway', 'Gateway']);
    expect(endpoints.map(({ ServiceName }) => textOf(ServiceName).split('.').at(-1) ?? '').sort()).toEqual([
      'dynamodb',
      's3',
    ]);
  });

  test('is for no place in particular: availability zones are those of the region', () => {
    const zones = ofType(resources, 'AWS::EC2::Subnet').map(([, { Properties }]) =>
      JSON.stringify(Properties['AvailabilityZone']),
    );
    expect(zones).toEqual([0, 1].map((index) => `{"Fn::Select":[${index},{"Fn::GetAZs":""}]}`));
  });
});

const container = z.looseObject({
  Name: z.string(),
  StopTimeout: z.number(),
  Environment: z.unknown().optional(),
  Secrets: z.unknown().optional(),
  LogConfiguration: z.looseObject({ LogDriver: z.string() }),
});

describe('the task', () => {
  test('is 2 vCPU and 8 GiB on ARM64, under roles of its own', () => {
    const { Properties } = one(resources, 'AWS::ECS::TaskDefinition');
    expect(Properties).toMatchObject({
      Cpu: '2048',
      Memory: '8192',
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['FARGATE'],
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    });
    expect(textOf(Properties['TaskRoleArn'])).toBe('<ContainersTaskRole>');
    expect(textOf(Properties['ExecutionRoleArn'])).toBe('<ContainersExecutionRole>');
  });

  test('has one container, by the name that the worker overrides, and nothing of a town in its definition', () => {
    const containers = z
      .array(container)
      .parse(one(resources, 'AWS::ECS::TaskDefinition').Properties['ContainerDefinitions']);
    const { Variables } = z
      .object({ Variables: z.record(z.string(), z.unknown()) })
      .parse(one(resources, 'AWS::Lambda::Function', 'WorkerFunction').Properties['Environment']);
    expect(containers.map(({ Name }) => Name)).toEqual([Variables['CONTAINER_NAME']]);
    expect(containers.map(({ Environment, Secrets }) => [Environment, Secrets])).toEqual([
      [undefined, undefined],
    ]);
    expect(containers.map(({ LogConfiguration }) => LogConfiguration.LogDriver)).toEqual(['awslogs']);
  });
});

const dockerfile = readFileSync(join(ROOT, 'task-image/Dockerfile'), 'utf8');
describe('the image', () => {
  test('tells the supervisor how long a stop takes, as the task definition says it', () => {
    const [definition] = z
      .array(container)
      .parse(one(resources, 'AWS::ECS::TaskDefinition').Properties['ContainerDefinitions']);
    expect(Number(/GASTOWN_STOP_TIMEOUT_SECONDS=(\d+)/.exec(dockerfile)?.[1])).toBe(definition?.StopTimeout);
  });

  test('runs agents and gates as users of their own', () => {
    // The supervisor may choose users: agents and gates get their own, as the ids say.
    expect(dockerfile.split('\n').filter((line) => line.startsWith('USER '))).toEqual([]);
    const ids = /GASTOWN_USER_IDS=(\d+)-(\d+)/.exec(dockerfile);
    expect(dockerfile).toContain(`seq ${ids?.[1]} ${ids?.[2]} `);
  });

  test('is built from all sources that the supervisor and the plugin are made of', async () => {
    const { metafile } = await build({
      entryPoints: [
        'task-image/supervisor/main.ts',
        'task-image/plugin/index.ts',
        'task-image/plugin/build.ts',
      ],
      absWorkingDir: ROOT,
      outdir: 'never',
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    const kept = readFileSync(join(ROOT, 'task-image/Dockerfile.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const sources = Object.keys(metafile.inputs);
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter((source) => !kept.some((folder) => source.startsWith(`${folder}/`)))).toEqual([]);
  });
});
