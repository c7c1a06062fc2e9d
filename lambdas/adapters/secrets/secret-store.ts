import * as z from 'zod';
import type { SecretVersion, Secrets } from '../../../core/ports.ts';
import { maskOf } from '../../../core/town/config/secrets.ts';
import { parseStored } from '../dynamodb/items.ts';
import { townPk, type Key } from '../dynamodb/keys.ts';
import { TownTable, type TownTableOptions } from '../dynamodb/town-table.ts';
import type { Cipher } from './cipher.ts';

const PREFIX = 'SECRET#';
/** A town has at most some sixty, and superseded versions for a while. */
const MOST_VERSIONS = 500;

const stored = z.object({
  name: z.string(),
  version: z.string(),
  ciphertext: z.instanceof(Uint8Array),
  mask: z.string(),
  createdAt: z.number(),
});

/** `SECRET#<name>#<version>` in the town's partition, outside of the live range: no rule reads them. */
const keyOf = (townId: string, { name, version }: SecretVersion): Key => ({
  pk: townPk(townId),
  sk: `${PREFIX}${name}#${version}`,
});

/** Secrets in the town table, encrypted by `cipher`; the mask stands beside, so that showing it needs no decryption. */
export function createSecrets(options: TownTableOptions, cipher: Cipher): Secrets {
  const table = new TownTable(options);
  return {
    async put(townId, { name, version, value }, createdAt) {
      const ciphertext = await cipher.seal(value, { townId, name });
      const item = { name, version, ciphertext, mask: maskOf(value), createdAt };
      await table.write('putSecret', { op: 'put', item: { ...item, ...keyOf(townId, { name, version }) } });
    },
    async list(townId) {
      const items = await table.query('listSecrets', {
        where: '#pk = :pk AND begins_with(#sk, :prefix)',
        values: { ':pk': townPk(townId), ':prefix': PREFIX },
        limit: MOST_VERSIONS,
      });
      return items.map((item) => {
        const { name, version, mask, createdAt } = parseStored(stored, item);
        return { name, version, mask, createdAt };
      });
    },
    async reveal(townId, wanted) {
      const keys = wanted.map((secret) => keyOf(townId, secret));
      const items = keys.length === 0 ? [] : await table.getMany('revealSecrets', keys);
      const opened = await Promise.all(
        items.map(async (item) => {
          const { name, ciphertext } = parseStored(stored, item);
          return [name, await cipher.open(ciphertext, { townId, name })] as const;
        }),
      );
      return new Map(opened);
    },
    async remove(townId, versions) {
      await Promise.all(
        versions.map((secret) => table.write('removeSecret', { op: 'delete', key: keyOf(townId, secret) })),
      );
    },
  };
}
