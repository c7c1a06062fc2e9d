import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { databaseOf } from '../../../task-image/snapshots/session-database.ts';

/** The tables of Kilo 7.7 that grow, with their indexes. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS message (id text PRIMARY KEY, session_id text NOT NULL, time_created integer NOT NULL, time_updated integer NOT NULL, data text NOT NULL);
CREATE TABLE IF NOT EXISTS part (id text PRIMARY KEY, message_id text NOT NULL, session_id text NOT NULL, time_created integer NOT NULL, time_updated integer NOT NULL, data text NOT NULL);
CREATE INDEX IF NOT EXISTS message_session_time_created_id_idx ON message (session_id, time_created, id);
CREATE INDEX IF NOT EXISTS part_message_id_id_idx ON part (message_id, id);
CREATE INDEX IF NOT EXISTS part_session_idx ON part (session_id);
CREATE INDEX IF NOT EXISTS recall_part_search_idx ON part (session_id, id, message_id, json_extract(data, '$.type'), json_extract(data, '$.text'));
`;
const PARTS = 4;
const TEXT_BYTES = 1500;

/** A database like that of an agent server, open as the server has it. */
export interface SessionDatabase {
  /** Messages are said until the file has grown by so many bytes. */
  grow(bytes: number): void;
  /** The text of every part, in order. */
  texts(): string[];
  close(): void;
}

/** @param about sessions about other things have nothing in common */
export function openSessionDatabase(home: string, about = ''): SessionDatabase {
  const file = databaseOf(home);
  for (const folder of [dirname(file), `${home}/tmp`]) mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  database.exec(SCHEMA);
  const addMessage = database.prepare('INSERT INTO message VALUES (?, ?, ?, ?, ?)');
  const addPart = database.prepare('INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)');
  const count = database.prepare('SELECT count(*) AS n FROM message');
  const pages = database.prepare('PRAGMA page_count');
  const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
  const bytesNow = (): number => Number(pages.get()?.['page_count']) * pageBytes;
  let messages = Number(count.get()?.['n']);

  const say = (): void => {
    messages += 1;
    const at = 1_760_000_000_000 + messages * 1000;
    const id = `msg_${messages.toString().padStart(10, '0')}`;
    addMessage.run(
      id,
      'ses_1',
      at,
      at,
      JSON.stringify({ role: 'user', system: 'You are the mayor. '.repeat(20) }),
    );
    for (let part = 0; part < PARTS; part += 1) {
      const partId = `prt_${id}_${part}`;
      // It compresses to a half, and is the same in every run.
      const text = createHash('shake256', { outputLength: TEXT_BYTES / 2 })
        .update(about + partId)
        .digest('hex');
      addPart.run(partId, id, 'ses_1', at, at, JSON.stringify({ type: 'text', text }));
    }
  };

  return {
    grow(bytes) {
      const end = bytesNow() + bytes;
      while (bytesNow() < end) {
        database.exec('BEGIN');
        for (let n = 0; n < 10; n += 1) say();
        database.exec('COMMIT');
      }
    },
    texts: () =>
      database
        .prepare('SELECT data FROM part ORDER BY id')
        .all()
        .map((row) => String(row['data'])),
    close: () => database.close(),
  };
}
