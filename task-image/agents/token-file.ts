import { randomBytes } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';

/**
 * Writes an agent's tool token, readable by its owner only. A reader sees the old or the new token, never half of one.
 */
export async function writeTokenFile(tokenFile: string, token: string): Promise<void> {
  const next = `${tokenFile}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(next, token, { mode: 0o600, flag: 'wx' });
  await rename(next, tokenFile);
}
