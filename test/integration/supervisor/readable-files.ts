import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Content of every file below `directory` that another user of the machine could read, by path. Agents come and go meanwhile. */
export function filesThatOthersCanRead(directory: string): Map<string, string> {
  const found = new Map<string, string>();
  const modeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  const visit = (path: string): void => {
    if ((modeOf(path) & 0o001) === 0) return;
    for (const entry of unlessGone(() => readdirSync(path, { withFileTypes: true })) ?? []) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) visit(child);
      else if (entry.isFile() && (modeOf(child) & 0o004) !== 0) {
        const content = unlessGone(() => readFileSync(child, 'latin1'));
        if (content !== undefined) found.set(child, content);
      }
    }
  };
  if (modeOf(directory) === 0) throw new Error(`${directory} is not there`);
  visit(directory);
  return found;
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
