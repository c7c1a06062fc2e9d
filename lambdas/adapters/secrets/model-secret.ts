import { DecryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { GetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Unavailable } from '../../../core/errors.ts';
import type { ModelAccess } from '../../../core/ports.ts';
import { modelCredentials } from '../../../core/protocol/sync.ts';

/** The town's model key: `SECRET#model`, encrypted by KMS under a context of the town's id. */
export function createModelSecret(
  client: DynamoDBDocumentClient,
  tableName: string,
  kms: KMSClient,
): ModelAccess {
  return {
    async credentials(townId) {
      const Key = { pk: `TOWN#${townId}`, sk: 'SECRET#model' };
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
      const ciphertext: unknown = Item?.['ciphertext'];
      if (!(ciphertext instanceof Uint8Array)) throw new Unavailable('The town has no model key.');
      const { Plaintext } = await kms.send(
        new DecryptCommand({ CiphertextBlob: ciphertext, EncryptionContext: { townId } }),
      );
      return modelCredentials.parse(JSON.parse(new TextDecoder().decode(Plaintext)));
    },
  };
}
