import type { Operations, Rig, Town } from './client/api.generated.ts';
import type { Connection } from './connection.ts';
import type { Terminal } from './terminal.ts';

/** What every command can use. What is not asked for costs no request. */
export interface Context {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  readonly isJson: boolean;
  /** The words of the command line, for what yargs does not keep: the order of options. */
  readonly words: readonly string[];
  /** Of the installation on this machine. */
  readonly dataDir: string;
  /** @throws UsageError when nothing says where the API is */
  connection(): Connection;
  /** To ask with. @throws CommandFailed when it has expired and cannot be renewed */
  token(): Promise<string | undefined>;
  readonly api: Operations;
  /** Whether somebody said which town: else it is the only one. */
  readonly isTownNamed: boolean;
  /** `--town`, else the only one that there is. @throws UsageError that lists them when there are several */
  town(): Promise<Town>;
  /** By its id, the end of its id, or its name; without a name the only one. */
  rig(reference: string | undefined): Promise<Rig>;
}
