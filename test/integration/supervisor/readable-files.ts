import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Content of every file below `directory` that another user of the machine could read, by path. */
export function filesThatOthersCanRead(directory: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string): void => {
    const { mode } = statSync(path);
    if ((mode & 0o001) === 0) return;
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) visit(child);
      else if (entry.isFile() && (statSync(child).mode & 0o004) !== 0)
        found.set(child, readFileSync(child, 'latin1'));
    }
  };
  visit(directory);
  return found;
}
