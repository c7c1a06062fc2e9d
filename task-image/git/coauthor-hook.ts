import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFileAs, writeExecutableAs, type ProcessUser } from '../process/process-user.ts';
import type { Identity } from './git.ts';

/**
 * Makes git name the co-author in every commit of a worktree, whoever types the message; without one, git adds nothing. A
 * repository whose own setup points `core.hooksPath` elsewhere keeps its own hooks, and gets no line.
 * @param user whose worktree it is
 */
export async function setCoauthor(
  directory: string,
  coauthor: Identity | undefined,
  user?: ProcessUser,
): Promise<void> {
  const folder = join(directory, '.git', 'hooks');
  const hook = join(folder, 'prepare-commit-msg');
  if (coauthor === undefined)
    return user === undefined ? rm(hook, { force: true }) : removeFileAs(user, hook);
  // Names hold no quotes: `agentIdentity` leaves out what is not a letter, a digit or one of a few signs.
  const trailer = `Co-authored-by: ${coauthor.name} <${coauthor.email}>`;
  const command = `git interpret-trailers --in-place --if-exists addIfDifferent --trailer '${trailer}' "$1"`;
  const script = `#!/bin/sh\nexec ${command}\n`;
  if (user !== undefined) return writeExecutableAs(user, hook, script);
  await mkdir(folder, { recursive: true });
  await writeFile(hook, script, { mode: 0o755 });
}
