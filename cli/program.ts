import yargs, { type Argv, type PositionalOptions } from 'yargs';
import type { Command, CommandGroup } from './command.ts';
import { GLOBAL_OPTIONS, type GlobalValues } from './options/global.ts';
import { UsageError } from './usage-error.ts';

/** What a command line asks for. */
export type Request =
  | { readonly kind: 'run'; readonly command: Command; readonly values: GlobalValues }
  /** Help, the version, or completions. */
  | { readonly kind: 'print'; readonly text: string };

export interface ProgramOptions {
  readonly commands: readonly (Command | CommandGroup)[];
  readonly version: string;
  readonly columns: number;
}

const MAX_HELP_COLUMNS = 100;

/** In place of yargs' own. */
const WORDS = {
  'Not enough non-option arguments: got %s, need at least %s': {
    one: 'Something is missing: %s of %s words.',
    other: 'Something is missing: %s of %s words.',
  },
} as unknown as Record<string, string>;

const EPILOGUE =
  'GASTOWN_URL, GASTOWN_TOKEN and GASTOWN_TOWN are taken where an option is missing. See docs/cli.md.';

/** @throws UsageError */
export async function readCommandLine(words: readonly string[], options: ProgramOptions): Promise<Request> {
  let chosen: Request | undefined;
  const choose = (command: Command) => (values: object) => {
    chosen = { kind: 'run', command, values: values as GlobalValues };
  };
  const program = yargs()
    .scriptName('gastown')
    .usage('$0 <command>\n\nTowns of coding agents, from a terminal.')
    .version(options.version)
    .locale('en')
    .wrap(Math.min(MAX_HELP_COLUMNS, options.columns))
    .parserConfiguration({
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .strict()
    .recommendCommands()
    .demandCommand(1, 'Say what to do.')
    .options(GLOBAL_OPTIONS)
    .epilogue(EPILOGUE)
    .exitProcess(false)
    .showHelpOnFail(false)
    .updateStrings(WORDS)
    .fail((message, error) => {
      throw new UsageError(message ?? error.message);
    });
  for (const entry of options.commands) {
    if ('commands' in entry) addGroup(program, entry, choose);
    else addCommand(program, entry, choose);
  }
  let printed = '';
  await program.parseAsync([...words], {}, (_error, _values, output) => {
    printed = output;
  });
  return chosen ?? { kind: 'print', text: `${printed}\n` };
}

/** The words of a command line that name a command: `convoy create`; for what to look up when it is wrong. */
export function commandPath(words: readonly string[], commands: ProgramOptions['commands']): string {
  const [first = '', second = ''] = words.filter((word) => !word.startsWith('-'));
  const entry = commands.find(({ usage }) => nameOf(usage) === first);
  if (entry === undefined) return '';
  const inner =
    'commands' in entry ? entry.commands.find(({ usage }) => nameOf(usage) === second) : undefined;
  return inner === undefined ? first : `${first} ${second}`;
}

const nameOf = (usage: string): string => usage.split(' ')[0] ?? usage;

type Choose = (command: Command) => (values: object) => void;

function addGroup(parent: Argv, { usage, summary, commands }: CommandGroup, choose: Choose): void {
  const names = commands.map((command) => nameOf(command.usage)).join(', ');
  parent.command(usage, summary, (group) => {
    for (const command of commands) addCommand(group, command, choose, usage);
    return group.demandCommand(1, `Say what to do: ${names}.`);
  });
}

function addCommand(parent: Argv, command: Command, choose: Choose, group = ''): void {
  const path = group === '' ? command.usage : `${group} ${command.usage}`;
  parent.command(
    command.usage,
    command.summary,
    (own) => {
      own.usage(`$0 ${path}\n\n${command.summary}`);
      for (const [name, option] of Object.entries(command.positionals)) {
        own.positional(name, option as PositionalOptions);
      }
      for (const [name, option] of Object.entries(command.options)) {
        own.option(name, { requiresArg: option.type !== 'boolean', ...option });
      }
      own.group(Object.keys(command.options), 'Options:');
      own.group([...Object.keys(GLOBAL_OPTIONS), 'help', 'version'], 'Where:');
      for (const [line, meaning] of command.examples) {
        // Below each other: side by side both would be broken into pieces.
        if (meaning !== '') own.example(`# ${meaning}`, '');
        own.example(line, '');
      }
      return own.check((values) => refuseRepeats(values, { ...GLOBAL_OPTIONS, ...command.options }));
    },
    choose(command),
  );
}

/** What is given twice and wanted once is a mistake: neither value is better. */
function refuseRepeats(values: Readonly<Record<string, unknown>>, table: Command['options']): true {
  for (const [name, { array = false }] of Object.entries(table)) {
    if (!array && Array.isArray(values[name])) throw new UsageError(`Say --${name} once.`);
  }
  return true;
}
