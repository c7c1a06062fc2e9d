/** What the script below says with its exit code. */
export const EXIT = { noDatabase: 3, tooLarge: 4 } as const;

/**
 * Copies a SQLite database that somebody may be writing to, and prints the copy. It runs as the agent's user, in a process of its own: the
 * supervisor follows no link that an agent may have put there, and waits for no lock. In one step: pages stay where they are, so that what did
 * not change cuts into the same chunks, and no writer makes it begin again.
 * Arguments: the database, a folder for the copy, the most bytes that it may have.
 */
export const COPY_SCRIPT = `
const { createReadStream, lstatSync, mkdtempSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { pipeline } = require('node:stream/promises');
const { backup, DatabaseSync } = require('node:sqlite');
const [source, folder, most] = process.argv.slice(1);
const stat = lstatSync(source, { throwIfNoEntry: false });
if (stat === undefined) process.exit(${EXIT.noDatabase});
if (!stat.isFile()) throw new Error('the database is not a file');
const database = new DatabaseSync(source, { readOnly: true, timeout: 5000 });
const pragma = (name) => database.prepare('PRAGMA ' + name).get()[name];
if (pragma('page_count') * pragma('page_size') > Number(most)) process.exit(${EXIT.tooLarge});
const place = mkdtempSync(join(folder, 'snapshot-'));
(async () => {
  const copy = join(place, 'copy.db');
  await backup(database, copy, { rate: 2147483647 });
  database.close();
  await pipeline(createReadStream(copy), process.stdout);
})().finally(() => rmSync(place, { recursive: true, force: true }));
`;

/**
 * Writes its input to a database that is there whole or not at all, without what SQLite kept beside the one before. Kilo shows the sessions of
 * one folder, and works in it: the sessions are of the folder that the agent has now, which on one machine is another one in each container.
 * Arguments: the database, the agent's folder.
 */
export const RESTORE_SCRIPT = `
process.umask(0o077);
const { mkdirSync, openSync, fsyncSync, closeSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { DatabaseSync } = require('node:sqlite');
const { buffer } = require('node:stream/consumers');
const [target, folder] = process.argv.slice(1);
const next = target + '.restoring';
(async () => {
  const content = await buffer(process.stdin);
  mkdirSync(dirname(target), { recursive: true });
  for (const file of [next, target]) for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
  writeFileSync(next, content, { flag: 'wx' });
  const database = new DatabaseSync(next);
  const columns = database.prepare("SELECT name FROM pragma_table_info('session')").all();
  if (columns.some(({ name }) => name === 'directory'))
    database.prepare('UPDATE session SET directory = ?').run(folder);
  // What was changed is in the file itself, and nothing beside it.
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  for (const end of ['-wal', '-shm']) rmSync(next + end, { force: true });
  const file = openSync(next, 'r');
  fsyncSync(file);
  closeSync(file);
  renameSync(next, target);
})();
`;
