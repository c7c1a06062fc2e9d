import { afterAll, describe } from 'vitest';
import { startEmbeddedDynamoDb, type EmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { townStoreContract } from './contract.ts';
import { subjectAt } from './subject.ts';

describe('on the embedded server', () => {
  let server: EmbeddedDynamoDb | undefined;
  afterAll(() => server?.close());
  townStoreContract(async () => {
    server = await startEmbeddedDynamoDb();
    return subjectAt(server.endpoint);
  });
});

const external = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
describe.skipIf(!external)('on the server at AWS_ENDPOINT_URL_DYNAMODB', () => {
  townStoreContract(() => subjectAt(external ?? ''));
});
