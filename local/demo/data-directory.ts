import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createSampleRepository } from './sample-repository.ts';

/** What a demo's directory holds from its beginning; only such a directory may be deleted by the next demo. */
export const MARKER = 'sample.git';
/** The repository while it is made: a demo that was killed in its first moments. */
const BEGINNINGS = ['sample.git.new', 'sample.source'];

/**
 * Makes the directory of a new demo, with its repository. What an ended demo left there is deleted.
 * @throws Error that says what to do, when it holds anything else or a demo that has not ended; nothing is changed then
 */
export async function prepareDataDirectory(directory: string): Promise<void> {
  const entries = await readdir(directory).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw new Error(`${directory} cannot be the demo's directory: ${error.message}`, { cause: error });
  });
  const isOurs = entries.includes(MARKER) || entries.every((entry) => BEGINNINGS.includes(entry));
  if (!isOurs) {
    throw new Error(`${directory} holds files that are not a demo's; choose another --data-dir.`);
  }
  if (existsSync(join(directory, 'local.json'))) {
    throw new Error(
      `A demo runs in ${directory}, or was killed there. Go on with it with --resume, or delete ${directory}.`,
    );
  }
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await createSampleRepository(directory);
}
