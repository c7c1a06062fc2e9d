import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { nameOf, ofType, one, ROOT, stackResources, textOf, type Resources } from './template.ts';

const FUNCTIONS = [
  { folder: 'api', name: 'ApiFunction' },
  { folder: 'container', name: 'ContainerFunction' },
  { folder: 'reconciler', name: 'ReconcilerFunction' },
  { folder: 'worker', name: 'WorkerFunction' },
  { folder: 'sweeper', name: 'SweeperFunction' },
  { folder: 'authorizer', name: 'AuthorizerFunction' },
  { folder: 'socket', name: 'SocketFunction' },
  { folder: 'git-token-service', name: 'GitTokenServiceFunction' },
  { folder: 'webhook', name: 'WebhookFunction' },
  { folder: 'task-state', name: 'TaskStateFunction' },
  { folder: 'fleet-audit', name: 'FleetAuditFunction' },
] as const;

const environments = z.record(z.string(), z.object({ looked: z.array(z.string()), error: z.string() }));

let resources: Resources;
let wanted: z.infer<typeof environments>;
beforeAll(async () => {
  const program = fileURLToPath(new URL('read-environment.ts', import.meta.url));
  const { stdout } = await execa(process.execPath, [program, ...FUNCTIONS.map(({ folder }) => folder)], {
    cwd: ROOT,
    timeout: 60_000,
  });
  wanted = environments.parse(JSON.parse(stdout));
  resources = await stackResources();
}, 120_000);

const functionNamed = (name: string): Readonly<Record<string, unknown>> =>
  one(resources, 'AWS::Lambda::Function', name).Properties;

describe.each(FUNCTIONS)('$name', ({ folder, name }) => {
  test('is given what its index asks for, and nothing that it does not know', () => {
    const { Variables } = z
      .object({ Variables: z.record(z.string(), z.unknown()) })
      .parse(functionNamed(name)['Environment']);
    const { looked = [], error = '' } = wanted[folder] ?? {};
    expect(error).toContain('environment is incomplete');
    const missing = looked.filter((variable) => error.includes(`${variable}: `));
    expect(missing.length).toBeGreaterThan(0);
    expect(Object.keys(Variables)).toEqual(expect.arrayContaining(missing));
    expect(looked).toEqual(expect.arrayContaining(Object.keys(Variables)));
  });

  test('runs on the Node of the tests, on ARM64, traced, under a role and with a log of its own', () => {
    expect(functionNamed(name)).toMatchObject({
      Runtime: `nodejs${process.versions.node.split('.')[0] ?? ''}.x`,
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
    });
    expect(textOf(functionNamed(name)['Role'])).toBe(`<${name}Role>`);
    expect(
      textOf(z.object({ LogGroup: z.unknown() }).parse(functionNamed(name)['LoggingConfig']).LogGroup),
    ).toBe(`<${name}Logs>`);
  });
});

test('there are no other functions', () => {
  const names = ofType(resources, 'AWS::Lambda::Function').map(([id]) => nameOf(id));
  expect(names.sort()).toEqual(FUNCTIONS.map(({ name }) => name).sort());
});

test('every log is kept for a time that is set', () => {
  const groups = ofType(resources, 'AWS::Logs::LogGroup');
  expect(groups.length).toBeGreaterThanOrEqual(FUNCTIONS.length);
  for (const [, { Properties }] of groups) expect([30, 90]).toContain(Properties['RetentionInDays']);
});

describe('a function that a queue feeds', () => {
  test.each([
    { queue: 'QueuesTownEvents', name: 'ReconcilerFunction', batchSize: 10, most: 50 },
    { queue: 'QueuesEffects', name: 'WorkerFunction', batchSize: 1, most: 20 },
  ])('$name takes $batchSize of $queue, says which failed, and ends before they come again', (row) => {
    const [mapping] = ofType(resources, 'AWS::Lambda::EventSourceMapping').filter(
      ([, { Properties }]) => textOf(Properties['EventSourceArn']) === `<${row.queue}>`,
    );
    expect(mapping?.[1].Properties).toMatchObject({
      BatchSize: row.batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: row.most },
    });
    expect(textOf(mapping?.[1].Properties['FunctionName'])).toBe(`<${row.name}>`);
    const visibility = Number(one(resources, 'AWS::SQS::Queue', row.queue).Properties['VisibilityTimeout']);
    expect(Number(functionNamed(row.name)['Timeout'])).toBeLessThanOrEqual(visibility);
  });

  test('has no reserved concurrency', () => {
    for (const [, { Properties }] of ofType(resources, 'AWS::Lambda::Function')) {
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });
});

test.each([
  {
    name: 'SweepSchedule',
    target: 'SweeperFunction',
    rate: 'rate(1 minute)',
    input: {},
    deadLetters: 'QueuesSweepDeadLetters',
  },
  {
    name: 'RedeliverySchedule',
    target: 'GitTokenServiceFunction',
    rate: 'rate(5 minutes)',
    input: { op: 'redeliver' },
    deadLetters: 'QueuesRedeliveryDeadLetters',
  },
  {
    name: 'AuditSchedule',
    target: 'FleetAuditFunction',
    rate: 'rate(15 minutes)',
    input: {},
    deadLetters: 'QueuesAuditDeadLetters',
  },
])('$target is called at the $rate; what could not be called is kept, not repeated', (row) => {
  const { Properties } = one(resources, 'AWS::Scheduler::Schedule', row.name);
  expect(Properties).toMatchObject({
    ScheduleExpression: row.rate,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { RetryPolicy: { MaximumRetryAttempts: 0 }, Input: JSON.stringify(row.input) },
  });
  const { Arn, DeadLetterConfig } = z
    .object({ Arn: z.unknown(), DeadLetterConfig: z.object({ Arn: z.unknown() }) })
    .parse(Properties['Target']);
  expect(textOf(Arn)).toBe(`<${row.target}>`);
  expect(textOf(DeadLetterConfig.Arn)).toBe(`<${row.deadLetters}>`);
});

test('the end of a task of the cluster calls a function, again for an hour; what could not be told is kept', () => {
  const { Properties } = one(resources, 'AWS::Events::Rule', 'TaskStateRule');
  const { EventPattern, Targets } = z
    .object({
      EventPattern: z.object({ detail: z.looseObject({ clusterArn: z.array(z.unknown()) }) }).loose(),
      Targets: z.tuple([
        z.object({
          Arn: z.unknown(),
          DeadLetterConfig: z.object({ Arn: z.unknown() }),
          RetryPolicy: z.unknown(),
        }),
      ]),
    })
    .parse(Properties);
  expect(EventPattern).toMatchObject({
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: { lastStatus: ['STOPPED'] },
  });
  expect(EventPattern.detail.clusterArn.map(textOf)).toEqual(['<ContainersCluster>']);
  const [target] = Targets;
  expect(textOf(target.Arn)).toBe('<TaskStateFunction>');
  expect(textOf(target.DeadLetterConfig.Arn)).toBe('<QueuesTaskStateDeadLetters>');
  expect(target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 10 });
  expect(
    one(resources, 'AWS::Lambda::EventInvokeConfig', 'TaskStateFunctionEventInvokeConfig').Properties,
  ).toMatchObject({
    MaximumRetryAttempts: 2,
  });
});
