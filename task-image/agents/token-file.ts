import { randomBytes } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { giveTo, type ProcessUser } from '../process/process-user.ts';

/**
 * Writes an agent's tool token, readable by the agent's user only. A reader sees the old or the new token, never half of one.
 */
export async function writeTokenFile(tokenFile: string, token: string, user?: ProcessUser): Promise<void> {
  const next = `${tokenFile}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(next, token, { mode: 0o600, flag: 'wx' });
  await giveTo(user, next);
  await rename(next, tokenFile);
}
