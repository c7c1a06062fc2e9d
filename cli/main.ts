import { COMMANDS } from './commands/all.ts';
import { createContext } from './create-context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { commandPath, readCommandLine } from './program.ts';
import { describeFailure } from './failure.ts';
import type { Terminal } from './terminal.ts';

export interface MainOptions {
  /** Without the program's name. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  readonly version: string;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Does what a command line says. @returns the exit code; what went wrong has been said */
export async function main({ words, env, terminal, version, signal }: MainOptions): Promise<ExitCode> {
  try {
    const { columns } = terminal.style();
    const request = await readCommandLine(words, { commands: COMMANDS, version, columns });
    if (request.kind === 'print') {
      terminal.out(request.text);
      return EXIT.done;
    }
    const { command, values } = request;
    const { json: isJson, 'data-dir': dataDir, url, token, town } = values;
    const context = createContext({ terminal, env, signal, isJson, words, url, token, town, dataDir });
    const outcome = await command.run(values as never, context);
    if (outcome === undefined) return EXIT.done;
    const text = isJson ? JSON.stringify(outcome.json, undefined, 2) : outcome.text(terminal.style());
    terminal.out(text.endsWith('\n') ? text : `${text}\n`);
    return outcome.exitCode ?? EXIT.done;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    const { lines, exitCode } = describeFailure(error, commandPath(words, COMMANDS));
    terminal.error(`${lines.join('\n')}\n`);
    return exitCode;
  }
}
