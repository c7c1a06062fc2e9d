import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { clientSource } from './client-source.ts';
import { readOptions, reportFailure } from './read-options.ts';

const FILE = fileURLToPath(new URL('../cli/client/api.generated.ts', import.meta.url));

const HELP = `Writes the command line's client from the routes of the API.

  node bin/generate-client.ts [--check] [--file F]

  --check      write nothing; exit code 1 when the file is not what it would be
  --file F     another file than cli/client/api.generated.ts
`;

async function main(): Promise<number> {
  const {
    check,
    file = FILE,
    help,
  } = readOptions({
    check: { type: 'boolean', default: false },
    file: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const source = await clientSource();
  if (!check) {
    await writeFile(file, source);
    return 0;
  }
  if ((await readFile(file, 'utf8')) === source) return 0;
  process.stderr.write(`${file} does not fit the routes: run node bin/generate-client.ts\n`);
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = reportFailure(error);
}
