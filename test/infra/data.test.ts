import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { tableDefinition } from '../../lambdas/adapters/dynamodb/table.ts';
import { createTownQueues } from '../../local/queues/town-queues.ts';
import { nameOf, ofType, one, stackResources, textOf, type Resources } from './template.ts';

let resources: Resources;
beforeAll(async () => {
  resources = await stackResources();
}, 60_000);

const byName = (
  a: { AttributeName?: string | undefined },
  b: { AttributeName?: string | undefined },
): number => (a.AttributeName ?? '').localeCompare(b.AttributeName ?? '');

describe('the table', () => {
  test('is the one that the adapter defines', () => {
    const { TableName: _, AttributeDefinitions = [], ...definition } = tableDefinition('any');
    const { Properties } = one(resources, 'AWS::DynamoDB::Table');
    expect(Properties).toMatchObject(definition);
    const attributes = z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() }));
    const declared = attributes.parse(Properties['AttributeDefinitions']);
    expect(declared.sort(byName)).toEqual([...AttributeDefinitions].sort(byName));
  });

  test.each([
    {
      property: 'PointInTimeRecoverySpecification',
      value: { PointInTimeRecoveryEnabled: true },
      reason: 'mistakes',
    },
    { property: 'DeletionProtectionEnabled', value: true, reason: 'a deleted stack' },
    { property: 'SSESpecification', value: { SSEEnabled: true }, reason: 'what is at rest' },
    {
      property: 'TimeToLiveSpecification',
      value: { AttributeName: 'expiresAt', Enabled: true },
      reason: 'rubbish',
    },
  ])('has $property for $reason', ({ property, value }) => {
    expect(one(resources, 'AWS::DynamoDB::Table').Properties[property]).toEqual(value);
  });
});

/** Records what local mode asks SQS for, instead of sending it. */
async function localQueues(): Promise<Map<string, Record<string, string>>> {
  const asked = new Map<string, Record<string, string>>();
  const sqs = new SQSClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  sqs.middlewareStack.add(
    (_next, { commandName }) =>
      async ({ input }) => {
        if (commandName === CreateQueueCommand.name) {
          const { QueueName, Attributes } = z
            .object({ QueueName: z.string(), Attributes: z.record(z.string(), z.string()) })
            .parse(input);
          asked.set(QueueName, Attributes);
          return { output: { QueueUrl: QueueName, $metadata: {} }, response: {} };
        }
        expect(commandName).toBe(GetQueueAttributesCommand.name);
        const { QueueUrl } = z.object({ QueueUrl: z.string() }).parse(input);
        return { output: { Attributes: { QueueArn: QueueUrl }, $metadata: {} }, response: {} };
      },
    { step: 'initialize' },
  );
  await createTownQueues(sqs);
  return asked;
}

describe('the queues', () => {
  test.each([
    { name: 'QueuesTownEvents', local: 'town-events.fifo' },
    { name: 'QueuesTownEventsDeadLetters', local: 'town-events-dlq.fifo' },
    { name: 'QueuesEffects', local: 'effects' },
    { name: 'QueuesEffectsDeadLetters', local: 'effects-dlq' },
  ])('$name is made as local mode makes $local', async ({ name, local }) => {
    const { RedrivePolicy, ...attributes } = (await localQueues()).get(local) ?? {};
    const { Properties } = one(resources, 'AWS::SQS::Queue', name);
    const asText = Object.fromEntries(Object.entries(Properties).map(([key, value]) => [key, String(value)]));
    expect(attributes).not.toEqual({});
    expect(asText).toMatchObject(attributes);
    if (RedrivePolicy === undefined) return;
    const { maxReceiveCount } = z.object({ maxReceiveCount: z.number() }).parse(JSON.parse(RedrivePolicy));
    expect(Properties['RedrivePolicy']).toMatchObject({ maxReceiveCount });
  });

  test('all have dead letters, or are for them', () => {
    const queues = ofType(resources, 'AWS::SQS::Queue');
    const redrive = z.object({ deadLetterTargetArn: z.unknown() });
    const withoutDeadLetters = queues.filter(
      ([, { Properties }]) => !redrive.safeParse(Properties['RedrivePolicy']).success,
    );
    expect(withoutDeadLetters.map(([id]) => nameOf(id)).sort()).toEqual([
      'QueuesAuditDeadLetters',
      'QueuesEffectsDeadLetters',
      'QueuesRedeliveryDeadLetters',
      'QueuesSweepDeadLetters',
      'QueuesTaskStateDeadLetters',
      'QueuesTownEventsDeadLetters',
    ]);
    const targets = queues
      .map(([, { Properties }]) => redrive.safeParse(Properties['RedrivePolicy']).data?.deadLetterTargetArn)
      .filter((target) => target !== undefined);
    expect(targets.map(textOf).sort()).toEqual([
      '<QueuesEffectsDeadLetters>',
      '<QueuesTownEventsDeadLetters>',
    ]);
  });

  test('are encrypted at rest, and refuse what does not come over TLS', () => {
    const queues = ofType(resources, 'AWS::SQS::Queue');
    for (const [, { Properties }] of queues) expect(Properties['SqsManagedSseEnabled']).toBe(true);
    const policies = ofType(resources, 'AWS::SQS::QueuePolicy').map(([, { Properties }]) =>
      JSON.stringify(Properties),
    );
    expect(policies.filter((policy) => policy.includes('"aws:SecureTransport":"false"'))).toHaveLength(
      queues.length,
    );
  });
});

describe('the files', () => {
  test.each(['FilesBucket', 'FilesAccessLogs'])('%s is private, encrypted and kept', (name) => {
    const bucket = one(resources, 'AWS::S3::Bucket', name);
    expect(bucket.DeletionPolicy).toBe('Retain');
    expect(bucket.Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: { ServerSideEncryptionConfiguration: [{}] },
    });
  });

  test('exports and imports go after seven days, snapshots when they were not saved for 90', () => {
    const rules = z
      .object({
        Rules: z.array(
          z.looseObject({ Prefix: z.string().optional(), ExpirationInDays: z.number().optional() }),
        ),
      })
      .parse(one(resources, 'AWS::S3::Bucket', 'FilesBucket').Properties['LifecycleConfiguration']).Rules;
    const expiring = rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined);
    expect(expiring.map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays])).toEqual([
      ['exports/', 7],
      ['imports/', 7],
      ['snapshots/', 90],
    ]);
  });
});

test.each([
  { name: 'KeysSigning', is: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }, reason: 'ES256 tokens' },
  {
    name: 'KeysMac',
    is: { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
    reason: 'bootstrap tokens',
  },
  { name: 'KeysSecrets', is: { EnableKeyRotation: true }, reason: 'secrets of towns' },
])('$name is a key for $reason, and is kept', ({ name, is }) => {
  const key = one(resources, 'AWS::KMS::Key', name);
  expect(key.Properties).toMatchObject(is);
  expect(key.DeletionPolicy).toBe('Retain');
});

test('people are invited, and have a second factor', () => {
  expect(one(resources, 'AWS::Cognito::UserPool').Properties).toMatchObject({
    MfaConfiguration: 'ON',
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    DeletionProtection: 'ACTIVE',
  });
  expect(one(resources, 'AWS::Cognito::UserPoolClient').Properties).toMatchObject({ GenerateSecret: false });
});
