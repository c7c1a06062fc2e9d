/**
 * Copies a SQLite database that somebody may be writing to, and prints the copy. It runs as the agent's user, in a process of its own: the
 * supervisor follows no link that an agent may have put there, and waits for no lock. In one step: pages stay where they are, so that what did
 * not change cuts into the same chunks, and no writer makes it begin again. Exit code 3: there is no database.
 * Arguments: the database, a folder for the copy.
 */
export const COPY_SCRIPT = `
const { createReadStream, lstatSync, mkdtempSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { pipeline } = require('node:stream/promises');
const { backup, DatabaseSync } = require('node:sqlite');
const [source, folder] = process.argv.slice(1);
const stat = lstatSync(source, { throwIfNoEntry: false });
if (stat === undefined) process.exit(3);
if (!stat.isFile()) throw new Error('the database is not a file');
const place = mkdtempSync(join(folder, 'snapshot-'));
(async () => {
  const database = new DatabaseSync(source, { readOnly: true, timeout: 5000 });
  const copy = join(place, 'copy.db');
  await backup(database, copy, { rate: 2147483647 });
  database.close();
  await pipeline(createReadStream(copy), process.stdout);
})().finally(() => rmSync(place, { recursive: true, force: true }));
`;

/** A script for sh: writes its input to a file that is there whole or not at all, without what SQLite kept beside the one before. */
export const REPLACE_SCRIPT = `
umask 077
mkdir -p -- "$(dirname -- "$1")"
rm -f -- "$1.restoring"
cat > "$1.restoring"
rm -f -- "$1-wal" "$1-shm"
mv -f -- "$1.restoring" "$1"
`;
