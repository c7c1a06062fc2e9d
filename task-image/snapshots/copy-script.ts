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

/** A script for sh: writes its input to a file that is there whole or not at all, without what SQLite kept beside the one before. */
export const REPLACE_SCRIPT = `
umask 077
mkdir -p -- "$(dirname -- "$1")"
rm -f -- "$1.restoring"
cat > "$1.restoring"
rm -f -- "$1-wal" "$1-shm"
mv -f -- "$1.restoring" "$1"
`;
