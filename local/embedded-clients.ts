import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The embedded servers take any credentials; these cannot be mistaken for real ones. */
export const EMBEDDED_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
export const EMBEDDED_REGION = 'us-east-1';

export const embeddedDynamoDb = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({ endpoint, region: EMBEDDED_REGION, credentials: EMBEDDED_CREDENTIALS });

export const documentClient = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

export const embeddedSqs = (endpoint: string): SQSClient =>
  new SQSClient({ endpoint, region: EMBEDDED_REGION, credentials: EMBEDDED_CREDENTIALS });
