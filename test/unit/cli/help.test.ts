import { expect, test } from 'vitest';
import { COMMANDS } from '../../../cli/commands/all.ts';
import { commandPath, readCommandLine } from '../../../cli/program.ts';

const COLUMNS = 80;
const options = { commands: COMMANDS, version: '1.2.3', columns: COLUMNS };

const nameOf = (usage: string): string => usage.split(' ')[0] ?? '';
const everyCommand = COMMANDS.flatMap((entry) =>
  'commands' in entry
    ? entry.commands.map(({ usage }) => [nameOf(entry.usage), nameOf(usage)])
    : [[nameOf(entry.usage)]],
);

test.each(everyCommand.map((words) => [words.join(' '), words] as const))(
  'the help of %s says what it does, with examples, within the window',
  async (_name, words) => {
    const request = await readCommandLine([...words, '--help'], options);
    const text = request.kind === 'print' ? request.text : '';
    expect(text).toMatch(new RegExp(`^gastown ${words.join(' ')}`));
    expect(text).toMatch(/^Examples:\n {2}\S/m);
    expect(text).toMatch(/^ +--json /m);
    expect(text.split('\n').filter((line) => line.length > COLUMNS)).toEqual([]);
  },
);

test('every command has examples that the command line takes', async () => {
  const all = COMMANDS.flatMap((entry) => ('commands' in entry ? entry.commands : [entry]));
  for (const { examples } of all) {
    for (const [line] of examples) {
      const [, own = ''] = /\$0 ([^<|)]*)/.exec(line) ?? [];
      const words = [...own.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
      expect({ line, ...(await readCommandLine(words, options)) }).toMatchObject({ line, kind: 'run' });
    }
  }
});

test.each([
  [['convoy', 'create', '--json'], 'convoy create'],
  [['--json', 'status'], 'status'],
  [['convoy', 'sing'], 'convoy'],
  [['sling', 'status'], 'sling'],
  [['nothing'], ''],
  [[], ''],
])('the words %j are about the command "%s"', (words, path) => {
  expect(commandPath(words, COMMANDS)).toBe(path);
});
