import { execFile } from 'node:child_process';
import { copyFile, appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const generate = (...words: string[]) =>
  promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    file('bin/generate-client.ts'),
    ...words,
  ]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gastown-client-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('has the client that the routes make; else run node bin/generate-client.ts', async () => {
  await expect(generate('--check')).resolves.toMatchObject({ stderr: '' });
}, 60_000);

it('finds a client out that is not what the routes make, and makes it anew', async () => {
  const stale = join(folder, 'stale.ts');
  await copyFile(file('cli/client/api.generated.ts'), stale);
  await appendFile(stale, '// changed by hand\n');
  await expect(generate('--check', '--file', stale)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('node bin/generate-client.ts'),
  });
  await generate('--file', stale);
  await expect(generate('--check', '--file', stale)).resolves.toMatchObject({ stderr: '' });
}, 60_000);
