import { replay, type Difference, type ReplayResult } from '../core/replay/replay.ts';
import { readRecording } from '../local/replay/read-recording.ts';
import { readOptions, reportFailure } from './read-options.ts';

const HELP = `Takes every step of an exported town again on today's code, and prints every decision that differs.

  npm run replay -- FILE [options]

  FILE is what npx gastown export wrote (JSON Lines, also as .gz). Each step is taken on the town as it was then: the log of each
  commit says what was before it. Nothing is changed.

  --limit N    differences that are shown (default 50)
  --json       one JSON document
  --help

Exit code 0: every step that could be taken again decides the same; 1: some decide something else; 2: the file cannot be read.
`;

const UNREADABLE = 2;

async function main(): Promise<number> {
  const [file, ...rest] = process.argv.slice(2);
  const isFile = file !== undefined && !file.startsWith('-');
  const values = readOptions(
    {
      json: { type: 'boolean', default: false },
      limit: { type: 'string', default: '50' },
      help: { type: 'boolean', default: false },
    },
    isFile ? rest : process.argv.slice(2),
  );
  if (values.help || !isFile) {
    process.stdout.write(HELP);
    return values.help ? 0 : UNREADABLE;
  }
  const result = replay(await readRecording(file));
  const limit = Math.max(0, Number.parseInt(values.limit, 10) || 0);
  process.stdout.write(values.json ? jsonOf(result) : textOf(result, limit));
  return result.differences.length > 0 ? 1 : 0;
}

const jsonOf = (result: ReplayResult): string =>
  `${JSON.stringify({ ...result, skipped: Object.fromEntries(result.skipped) }, null, 2)}\n`;

function textOf({ steps, same, differences, skipped }: ReplayResult, limit: number): string {
  const lines = differences.slice(0, limit).flatMap(lineOf);
  if (differences.length > limit)
    lines.push(`… and ${differences.length - limit} more (--limit ${differences.length})`);
  for (const [reason, count] of skipped) lines.push(`${count} steps were not taken again: ${reason}`);
  const differing = new Set(differences.map(({ version }) => version)).size;
  lines.push(
    `${steps} steps: ${same} decide the same, ${differing} differ, ${steps - same - differing} were not taken again`,
  );
  return `${lines.join('\n')}\n`;
}

function lineOf({ version, at, codeVersion, was, is }: Difference): string[] {
  const textOf = (one: Difference['was']): string => {
    if (one === undefined) return 'nothing';
    const move = [one.from, one.to].filter((word) => word !== undefined).join(' → ');
    return `${one.subject.kind} ${one.subject.id}${move === '' ? '' : ` ${move}`}: ${one.reason} (${one.rule})`;
  };
  return [
    `version ${version}, ${new Date(at).toISOString()}, decided by ${codeVersion ?? 'code that did not say its version'}`,
    `  was: ${textOf(was)}`,
    `  is:  ${textOf(is)}`,
  ];
}

try {
  process.exitCode = await main();
} catch (error) {
  reportFailure(error);
  process.exitCode = UNREADABLE;
}
