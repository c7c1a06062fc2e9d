import { DatabaseSync } from 'node:sqlite';
import { LIVE_BEADS } from '../towns.ts';

/** P2: the predecessor's kind of rules, as queries over all beads of the town in SQLite, indexed as it did. */
export function sqlTown(ended: number): { tick: (now: number) => number; close: () => void } {
  const database = new DatabaseSync(':memory:');
  database.exec(`
    CREATE TABLE beads (id TEXT PRIMARY KEY, type TEXT, status TEXT, assignee TEXT, rig TEXT, attempts INTEGER,
      lastAttemptAt INTEGER, updatedAt INTEGER, labels TEXT, metadata TEXT);
    CREATE TABLE dependencies (bead TEXT, dependsOn TEXT, type TEXT, UNIQUE (bead, dependsOn, type));
    CREATE TABLE agents (id TEXT PRIMARY KEY, status TEXT, hook TEXT, lastActivityAt INTEGER);
    CREATE INDEX byStatus ON beads (type, status);
    CREATE INDEX byAssignee ON beads (assignee, type, status);`);
  const insert = database.prepare(
    "INSERT INTO beads VALUES (?, 'issue', ?, ?, 'rig', 0, NULL, 0, '[]', '{}')",
  );
  database.exec('BEGIN');
  for (let n = 0; n < ended; n += 1) insert.run(`ended-${n}`, 'closed', null);
  for (let n = 0; n < LIVE_BEADS; n += 1)
    insert.run(`live-${n}`, n < 3 ? 'in_progress' : 'open', n < 3 ? `agent-${n}` : null);
  database.exec('COMMIT');
  for (let n = 3; n < LIVE_BEADS; n += 1)
    database.exec(`INSERT INTO dependencies VALUES ('live-${n}', 'live-${n % 3}', 'blocks')`);
  for (let n = 0; n < 3; n += 1)
    database.exec(`INSERT INTO agents VALUES ('agent-${n}', 'working', 'live-${n}', 0)`);
  const queries = [
    `SELECT a.id FROM agents a WHERE a.status = 'working' AND a.lastActivityAt < ?1 - 90000`,
    `SELECT b.id FROM beads b WHERE b.type = 'issue' AND b.status = 'open' AND b.assignee IS NULL AND b.labels NOT LIKE '%"gt:held"%'
      AND NOT EXISTS (SELECT 1 FROM dependencies d JOIN beads o ON o.id = d.dependsOn
        WHERE d.bead = b.id AND d.type = 'blocks' AND o.status NOT IN ('closed', 'failed')) AND ?1 > 0`,
    `SELECT b.id FROM beads b WHERE b.type = 'issue' AND b.status = 'open' AND b.assignee IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM agents a WHERE a.id = b.assignee AND a.hook = b.id) AND ?1 > 0`,
    `SELECT b.id FROM beads b WHERE b.type = 'issue' AND b.status = 'in_progress' AND b.updatedAt < ?1 - 300000
      AND NOT EXISTS (SELECT 1 FROM agents a WHERE a.hook = b.id AND a.status IN ('working', 'stalled'))`,
    `SELECT b.id FROM beads b WHERE b.type = 'merge_request' AND b.status IN ('open', 'in_progress') AND ?1 > 0`,
    `SELECT COUNT(*) FROM beads b WHERE b.lastAttemptAt > ?1 - 1800000 AND b.attempts > 0 AND b.status <> 'closed'`,
    `SELECT status, COUNT(*) FROM beads WHERE ?1 > 0 GROUP BY status`,
  ].map((text) => database.prepare(text));
  return {
    tick: (now) => queries.reduce((rows, query) => rows + query.all(now).length, 0),
    close: () => database.close(),
  };
}
