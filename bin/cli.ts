import { readFileSync } from 'node:fs';
import { main } from '../cli/main.ts';
import { processTerminal } from '../cli/terminal.ts';

// The command line speaks HTTP only: it takes nothing from local mode, not even its version.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const interrupt = new AbortController();
process.once('SIGINT', () => {
  interrupt.abort();
  // Whatever hangs after that does not hold up a second Ctrl-C.
  process.once('SIGINT', () => process.exit(130));
});
// Whoever read the output has seen enough: `gastown events | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await main({
  words: process.argv.slice(2),
  env: process.env,
  terminal: processTerminal(),
  version,
  signal: interrupt.signal,
});
// A piped input that nobody reads any more would keep the process.
process.stdin.unref?.();
