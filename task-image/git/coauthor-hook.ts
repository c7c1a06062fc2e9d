import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Identity } from './git.ts';

/**
 * Makes git name the co-author in every commit of a worktree, whoever types the message; without one, git adds nothing. A
 * repository whose own setup points `core.hooksPath` elsewhere keeps its own hooks, and gets no line.
 */
export async function setCoauthor(directory: string, coauthor: Identity | undefined): Promise<void> {
  const folder = join(directory, '.git', 'hooks');
  const hook = join(folder, 'prepare-commit-msg');
  if (coauthor === undefined) return rm(hook, { force: true });
  await mkdir(folder, { recursive: true });
  // Names hold no quotes: `agentIdentity` leaves out what is not a letter, a digit or one of a few signs.
  const trailer = `Co-authored-by: ${coauthor.name} <${coauthor.email}>`;
  const command = `git interpret-trailers --in-place --if-exists addIfDifferent --trailer '${trailer}' "$1"`;
  await writeFile(hook, `#!/bin/sh\nexec ${command}\n`, { mode: 0o755 });
}
