import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { DataDirectoryInUse } from '../../../local/dynamodb/database.ts';
import { startEmbeddedDynamoDb } from '../../../local/dynamodb/server.ts';
import { clientsFor, createTable, tableName } from './clients.ts';
import type { Subject } from './conformance.ts';
import { crashTransaction } from './crash-writer.ts';
import { queryAll } from './queries.ts';

const ROUNDS = 5;
const SEED = Number(process.env['CRASH_SEED'] ?? 20_261_121);
const ITEMS = 9;

it('has every transaction whole or not at all after kill -9, and everything that was answered', async () => {
  const path = await mkdtemp(join(tmpdir(), 'gastown-dynamodb-crash-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const table = await onServer(path, ({ raw }) => createTable(raw, tableName('crash')));
  const random = seededRandom(SEED);
  let expectedCount = 0;

  for (let round = 0; round < ROUNDS; round += 1) {
    const killAfterMs = 20 + Math.floor(random() * 300);
    const { begun, committed } = await writeUntilKilled(path, table, round, killAfterMs);
    await onServer(path, async (clients) => {
      const subject = { ...clients, table };
      const stored = new Set<string>();
      for (const id of begun) {
        const found = await itemsOf(subject, id);
        expect([0, ITEMS]).toContain(found.items);
        expect(found.entries).toBe(found.items);
        if (found.items > 0) stored.add(id);
      }
      expect(committed.filter((id) => !stored.has(id))).toEqual([]);
      expectedCount += stored.size;
      expect(await counter(subject)).toBe(expectedCount);

      // Who got no answer repeats the request under its token, and it is done once.
      for (const id of begun.filter((each) => !committed.includes(each))) {
        await clients.doc.send(new TransactWriteCommand(crashTransaction(table, id)));
        expect((await itemsOf(subject, id)).items).toBe(ITEMS);
        if (!stored.has(id)) expectedCount += 1;
      }
      expect(await counter(subject)).toBe(expectedCount);
    });
  }
}, 60_000);

/** The child holds the data directory meanwhile: nobody else can open it. */
async function writeUntilKilled(path: string, table: string, round: number, killAfterMs: number) {
  const script = join(import.meta.dirname, 'crash-writer.ts');
  const child = spawn(process.execPath, [script, path, table, String(round)], {
    cwd: path,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const begun: string[] = [];
  const committed: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const [what, id = ''] = line.split(' ');
    (what === 'committed' ? committed : begun).push(id);
  });
  const ended = Promise.all([once(child, 'exit'), once(lines, 'close')]);
  await Promise.race([
    once(lines, 'line', { signal: AbortSignal.timeout(20_000) }),
    ended.then(() => Promise.reject(new Error('the writer ended before it wrote'))),
  ]);
  await expect(startEmbeddedDynamoDb({ path })).rejects.toBeInstanceOf(DataDirectoryInUse);
  await delay(killAfterMs);
  child.kill('SIGKILL');
  await ended;
  return { begun, committed };
}

async function onServer<T>(
  path: string,
  use: (clients: ReturnType<typeof clientsFor>) => Promise<T>,
): Promise<T> {
  const server = await startEmbeddedDynamoDb({ path });
  const clients = clientsFor(server.endpoint);
  try {
    return await use(clients);
  } finally {
    clients.raw.destroy();
    await server.close();
  }
}

async function itemsOf(subject: Subject, id: string): Promise<{ items: number; entries: number }> {
  const [items, entries] = await Promise.all([
    queryAll(subject, { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': `TX#${id}` } }),
    queryAll(subject, {
      IndexName: 'byGroup',
      KeyConditionExpression: '#g = :g',
      ExpressionAttributeNames: { '#g': 'group' },
      ExpressionAttributeValues: { ':g': `G#${id}` },
    }),
  ]);
  return { items: items.length, entries: entries.length };
}

async function counter({ doc, table }: Subject): Promise<number> {
  const { Item } = await doc.send(new GetCommand({ TableName: table, Key: { pk: 'COUNTER', sk: '0' } }));
  return Number(Item?.['committed'] ?? 0);
}

/** mulberry32 */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
