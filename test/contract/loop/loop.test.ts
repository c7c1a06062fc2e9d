import { afterAll, describe } from 'vitest';
import { startEmbeddedDynamoDb, type EmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { subjectAt } from '../store/subject.ts';
import { loopContract } from './contract.ts';

describe('on the embedded server', () => {
  let server: EmbeddedDynamoDb | undefined;
  afterAll(() => server?.close());
  loopContract(async () => {
    server = await startEmbeddedDynamoDb();
    return subjectAt(server.endpoint);
  });
});

const external = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
describe.skipIf(!external)('on the server at AWS_ENDPOINT_URL_DYNAMODB', () => {
  loopContract(() => subjectAt(external ?? ''));
});
