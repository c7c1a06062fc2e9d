import type { InferredOptionTypes, Options } from 'yargs';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-code.ts';
import type { Style } from './render/style.ts';

/** yargs' way of saying what an option is. */
export type OptionTable = Readonly<Record<string, Options>>;

/** What a command has found out or done. */
export interface Outcome {
  /** For `--json`: the API's answer, or what docs/cli.md says. */
  readonly json: unknown;
  /** For people; may end with a line break. */
  readonly text: (style: Style) => string;
  /** @default 0 */
  readonly exitCode?: ExitCode;
}

export type Example = readonly [commandLine: string, meaning: string];

export interface Command {
  /** With its positionals, as yargs writes them: `show <bead>`. */
  readonly usage: string;
  readonly summary: string;
  readonly positionals: OptionTable;
  readonly options: OptionTable;
  readonly examples: readonly Example[];
  /** Undefined: it has said everything itself. */
  readonly run: (args: never, context: Context) => Promise<Outcome | undefined>;
}

/** Commands about one kind of thing. */
export interface CommandGroup {
  readonly usage: string;
  readonly summary: string;
  readonly commands: readonly Command[];
}

interface CommandSpec<Positionals extends OptionTable, Own extends OptionTable> {
  readonly usage: string;
  readonly summary: string;
  readonly positionals?: Positionals;
  readonly options?: Own;
  readonly examples: readonly Example[];
  readonly run: (
    args: InferredOptionTypes<Positionals & Own>,
    context: Context,
  ) => Promise<Outcome | undefined>;
}

/** An index signature would take every name. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type
type NoOptions = Record<never, never>;

/** A command whose `run` gets what its options say. */
export const defineCommand = <
  const Positionals extends OptionTable = NoOptions,
  const Own extends OptionTable = NoOptions,
>({
  positionals,
  options,
  ...rest
}: CommandSpec<Positionals, Own>): Command => ({
  ...rest,
  positionals: positionals ?? {},
  options: options ?? {},
});
