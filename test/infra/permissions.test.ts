import { beforeAll, describe, expect, test } from 'vitest';
import { permissionsOf } from './permissions.ts';
import { nameOf, ofType, stackResources, textOf, type Resources } from './template.ts';

let resources: Resources;
beforeAll(async () => {
  resources = await stackResources();
}, 60_000);

/** What every function may do: write its own log, and traces. */
const always = (name: string): string[] => [
  `logs:CreateLogStream on <${name}Logs>`,
  `logs:PutLogEvents on <${name}Logs>`,
  'xray:PutTelemetryRecords on *',
  'xray:PutTraceSegments on *',
];
const onTable = (...actions: readonly string[]): string[] =>
  actions.map((action) => `dynamodb:${action} on <Table>`);
const onRows = (rows: string, ...actions: readonly string[]): string[] =>
  onTable(...actions).map((line) => `${line} if ForAllValues:StringLike dynamodb:LeadingKeys ${rows}`);
const fedBy = (queue: string): string[] =>
  ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl', 'ReceiveMessage'].map(
    (action) => `sqs:${action} on <Queues${queue}>`,
  );
const onCluster = 'if ArnEquals ecs:cluster <ContainersCluster>';
const toTasks = 'if StringEquals iam:PassedToService ecs-tasks.amazonaws.com';
const askTokenService = 'lambda:InvokeFunction on <GitTokenServiceFunction>';
const ofTown = 'if Null kms:EncryptionContext:townId false';

describe('a function may do what it does, and nothing else', () => {
  test.each([
    {
      name: 'ApiFunction',
      reason:
        'it creates and edits, lists history, wakes towns, signs URLs of files; it takes secrets and cannot read one',
      may: [
        ...onTable(
          'BatchGetItem',
          'ConditionCheckItem',
          'DeleteItem',
          'GetItem',
          'PutItem',
          'Query',
          'UpdateItem',
        ),
        'dynamodb:Query on <Table>/index/done',
        `kms:Encrypt on <KeysSecrets> ${ofTown}`,
        askTokenService,
        's3:GetObject on <FilesBucket>/*',
        's3:ListBucket on <FilesBucket>',
        's3:PutObject on <FilesBucket>/*',
        'sqs:SendMessage on <QueuesEffects>',
        'sqs:SendMessage on <QueuesTownEvents>',
      ],
    },
    {
      name: 'ContainerFunction',
      reason:
        "it observes and takes statements, makes tokens, opens a town's secrets; it deletes nothing but old snapshots",
      may: [
        ...onTable('GetItem', 'PutItem', 'Query', 'UpdateItem'),
        `kms:Decrypt on <KeysSecrets> ${ofTown}`,
        askTokenService,
        'kms:GenerateMac on <KeysMac>',
        'kms:Sign on <KeysSigning> if StringEquals kms:SigningAlgorithm ECDSA_SHA_256',
        ...['DeleteObject', 'GetObject', 'PutObject'].map(
          (action) => `s3:${action} on <FilesBucket>/snapshots/*`,
        ),
        's3:ListBucket on <FilesBucket> if StringLike s3:prefix snapshots/*',
        'sqs:SendMessage on <QueuesTownEvents>',
      ],
    },
    {
      name: 'ReconcilerFunction',
      reason: 'it reads the live range and commits; it knows no key, no task and no socket',
      may: [
        ...onTable('ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
        ...fedBy('TownEvents'),
        'sqs:SendMessage on <QueuesEffects>',
        'sqs:SendMessage on <QueuesTownEvents>',
      ],
    },
    {
      name: 'WorkerFunction',
      reason:
        'it starts one task definition with its two roles on one cluster, stops tasks there, pokes containers, moves towns, asks forges with the tokens of towns',
      may: [
        ...onTable('ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
        `ecs:DescribeTasks on * ${onCluster}`,
        `ecs:ListTasks on * ${onCluster}`,
        `ecs:RunTask on <ContainersDefinition> ${onCluster}`,
        `ecs:StopTask on * ${onCluster}`,
        'execute-api:ManageConnections on ' +
          'arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<SocketApi>/socket/POST/@connections/*',
        `iam:PassRole on <ContainersExecutionRole> ${toTasks}`,
        `iam:PassRole on <ContainersTaskRole> ${toTasks}`,
        `kms:Decrypt on <KeysSecrets> ${ofTown}`,
        askTokenService,
        'kms:GenerateMac on <KeysMac>',
        ...fedBy('Effects'),
        ...['AbortMultipartUpload', 'DeleteObject', 'GetObject', 'PutObject'].map(
          (action) => `s3:${action} on <FilesBucket>/*`,
        ),
        's3:ListBucket on <FilesBucket>',
        'sqs:SendMessage on <QueuesTownEvents>',
      ],
    },
    {
      name: 'SweeperFunction',
      reason: 'it asks who is due, and reads no town',
      may: [
        'dynamodb:Query on <Table>/index/due',
        'sqs:SendMessage on <QueuesSweepDeadLetters>',
        'sqs:SendMessage on <QueuesTownEvents>',
      ],
    },
    {
      name: 'GitTokenServiceFunction',
      reason: 'it reads the key of the app, and who owns what; it remembers how far it has looked',
      may: [
        ...onRows('TOWN#*,INTEGRATION#*,PLATFORM#REDELIVERY', 'GetItem'),
        ...onRows('PLATFORM#REDELIVERY', 'PutItem'),
        'secretsmanager:GetSecretValue on <GitHubAppKey>',
        'sqs:SendMessage on <QueuesRedeliveryDeadLetters>',
      ],
    },
    {
      name: 'WebhookFunction',
      reason:
        'it checks signatures, looks up whose a repository is, and wakes towns; of a town it sees the head',
      may: [
        ...onRows('DELIVERY#*,INTEGRATION#*,TOWN#*', 'GetItem'),
        ...onRows('REPOSITORY#*', 'Query'),
        ...onRows('DELIVERY#*', 'PutItem'),
        ...onRows('INTEGRATION#*', 'UpdateItem'),
        'secretsmanager:GetSecretValue on <GitHubAppWebhook>',
        'sqs:SendMessage on <QueuesTownEvents>',
      ],
    },
    {
      name: 'TaskStateFunction',
      reason: 'it tells towns; it reads nothing',
      may: ['sqs:SendMessage on <QueuesTaskStateDeadLetters>', 'sqs:SendMessage on <QueuesTownEvents>'],
    },
    {
      name: 'FleetAuditFunction',
      reason: 'it lists and stops tasks of the one cluster, reads what towns run, and tells them',
      may: [
        ...onRows('TOWN#*,PLATFORM#AUDIT', 'GetItem'),
        ...onRows('PLATFORM#AUDIT', 'PutItem'),
        ...['DescribeTasks', 'ListTasks', 'StopTask'].map((action) => `ecs:${action} on * ${onCluster}`),
        'sqs:SendMessage on <QueuesAuditDeadLetters>',
        'sqs:SendMessage on <QueuesTownEvents>',
      ],
    },
    {
      name: 'AuthorizerFunction',
      reason: 'it checks signatures and uses tickets up; it can sign nothing and read no town',
      may: [...onRows('TICKET#*', 'DeleteItem', 'GetItem'), 'kms:GetPublicKey on <KeysSigning>'],
    },
    {
      name: 'SocketFunction',
      reason: 'it remembers and forgets connections',
      may: onRows('CONN#*', 'DeleteItem', 'PutItem'),
    },
  ])('$name: $reason', ({ name, may }) => {
    expect(permissionsOf(resources, `${name}Role`)).toEqual([...may, ...always(name)].sort());
  });
});

const REPOSITORY =
  'arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/cdk-hnb659fds-container-assets-${AWS::AccountId}-${AWS::Region}';

describe('so do the other roles', () => {
  test.each([
    { name: 'ContainersTaskRole', reason: 'agents run under it: it may do nothing', may: [] },
    {
      name: 'ContainersExecutionRole',
      reason: 'Fargate fetches the image and writes the log',
      may: [
        ...['BatchCheckLayerAvailability', 'BatchGetImage', 'GetDownloadUrlForLayer'].map(
          (action) => `ecr:${action} on ${REPOSITORY}`,
        ),
        'ecr:GetAuthorizationToken on *',
        'logs:CreateLogStream on <ContainersLogs>',
        'logs:PutLogEvents on <ContainersLogs>',
      ],
    },
    {
      name: 'SweepScheduleRole',
      reason: 'the schedule calls one function, and keeps what it could not call',
      may: ['lambda:InvokeFunction on <SweeperFunction>', 'sqs:SendMessage on <QueuesSweepDeadLetters>'],
    },
    {
      name: 'RedeliveryScheduleRole',
      reason: 'the schedule calls one function, and keeps what it could not call',
      may: [askTokenService, 'sqs:SendMessage on <QueuesRedeliveryDeadLetters>'],
    },
    {
      name: 'AuditScheduleRole',
      reason: 'the schedule calls one function, and keeps what it could not call',
      may: ['lambda:InvokeFunction on <FleetAuditFunction>', 'sqs:SendMessage on <QueuesAuditDeadLetters>'],
    },
    {
      name: 'NetworkVpcFlowLogIAMRole',
      reason: 'the network writes its flow log',
      may: ['CreateLogStream', 'DescribeLogStreams', 'PutLogEvents'].map(
        (action) => `logs:${action} on <NetworkFlowLogs>`,
      ),
    },
  ])('$name: $reason', ({ name, may }) => {
    expect(permissionsOf(resources, name)).toEqual([...may].sort());
  });

  test('and there are no others', () => {
    expect(ofType(resources, 'AWS::IAM::Role')).toHaveLength(17);
  });
});

/** Roles that may do something with a resource. */
const whoMay = (what: string): string[] =>
  ofType(resources, 'AWS::IAM::Role')
    .map(([id]) => nameOf(id))
    .filter((name) => permissionsOf(resources, name).some((line) => line.includes(what)));

test('the key of the GitHub App is read by the token service alone, and the secrets of its webhook by who takes that', () => {
  expect(whoMay('<GitHubAppKey>')).toEqual(['GitTokenServiceFunctionRole']);
  expect(whoMay('<GitHubAppWebhook>')).toEqual(['WebhookFunctionRole']);
  expect(whoMay('secretsmanager:')).toHaveLength(2);
});

test('no action is a wildcard', () => {
  const roles = ofType(resources, 'AWS::IAM::Role').map(([id]) => nameOf(id));
  const actions = roles.flatMap((name) => permissionsOf(resources, name)).map((line) => line.split(' ')[0]);
  expect(actions.filter((action) => action?.includes('*'))).toEqual([]);
});

test('a function is called by the parts that it serves, and by nobody else', () => {
  const callers = ofType(resources, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
  expect(callers.length).toBeGreaterThan(0);
  for (const { Action, Principal, FunctionName, SourceArn } of callers) {
    const isEnd = textOf(FunctionName) === '<TaskStateFunction>';
    expect({ Action, Principal }).toEqual({
      Action: 'lambda:InvokeFunction',
      Principal: isEnd ? 'events.amazonaws.com' : 'apigateway.amazonaws.com',
    });
    expect(textOf(SourceArn)).toMatch(isEnd ? /^<TaskStateRule>$/ : /<(Http|Socket)Api>/);
  }
});
