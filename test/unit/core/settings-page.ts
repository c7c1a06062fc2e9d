import * as z from 'zod';
import {
  effectiveRigSettings,
  effectiveTownSettings,
  rigConfigSchema,
  seededConfig,
  townSettingsSchema,
} from '../../../core/town/config.ts';
import { descriptionOf, leavesOf } from '../../../core/town/config/shapes.ts';

/** docs/settings.md, made of the schemas: what it says of a setting is what the code does with it. */

const INTRODUCTION = `# Settings

A town has settings, and each of its rigs may set some for itself. They are read and changed with
\`GET\` and \`PATCH /v1/towns/{townId}/config\`, and for a rig with \`config\` in \`PATCH …/rigs/{rigId}\`. An answer shows what was
set (\`config\`) and what holds with every default (\`effective\`).

- What a change does not name stays. Groups (\`refinery\`, \`container\`, …) are merged field by field, lists are replaced.
- \`null\` clears a setting; for \`refinery.autoMergeDelayMinutes\` it is a value. An empty name of a model clears it, too.
- Unknown names are refused with their path. Settings that cannot work together are refused, too.
- A secret is write-only: it is kept encrypted, and answers show \`****\` and its last characters. Sent back as such a mask it
  stays. Who changes where a secret is sent (\`model.provider\`, \`model.baseUrl\`, \`gitAuth.gitlabInstanceUrl\`) gives it again.
- \`envVars\` replaces all variables that were set, but a masked value stays. Names that the town sets itself (\`PATH\`, \`HOME\`,
  \`GIT_…\`, \`GASTOWN_…\`, \`KILO_…\`, \`XDG_…\` and a few more) are refused. Agents and gates get them, the supervisor does not; what
  an agent runs can read them.
- A new town gets the _seeds_ below, and over them what its creator gave. Towns that are there never change by themselves.
- Models are named \`provider/model\`, or as the town's provider calls them. An agent uses the model of its role before the
  default one, and of each the rig's before the town's.
- Custom instructions of town and rig are both said, the town's first. Sessions that run go on with what they began with.
- A token of \`gitAuth\` goes to https addresses of its own host and to no other, and never to an agent.
`;

const NOTES = `
Settings of the system before this one that do not exist here: intervals of its alarm (a town has none), \`requireCleanMerge\`
(nothing else is ever merged), \`gitPushFlags\` (agents push to their own branch, and only the town pushes to the remote).
`;

/** Settings that do nothing before the town can make pull requests; each of them says so. */
export const NOT_YET = 'Takes effect with ';

const at = (settings: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) => (z.record(z.string(), z.unknown()).safeParse(value).data ?? {})[name],
      settings,
    );

const cell = (value: unknown): string =>
  value === undefined || value === null ? '' : `\`${JSON.stringify(value)}\``;

/** What JSON the field takes, in short. */
function typeOf(field: z.ZodType): string {
  const json = z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' });
  const options = json.anyOf ?? [json];
  return options.map((option) => (typeof option === 'object' ? shortly(option) : '')).join(' or ');
}

function shortly(schema: z.core.JSONSchema.BaseSchema): string {
  const { type, enum: words, minimum, maximum, maxLength, maxItems, format } = schema;
  if (words !== undefined) return words.map((word) => `\`${String(word)}\``).join(', ');
  if (type === 'object') return 'secret texts by name';
  if (type === 'array') return `texts, at most ${maxItems}`;
  if (type === 'string') {
    if (format === 'password') return 'secret';
    return maxLength === undefined ? 'text' : `text, at most ${maxLength}`;
  }
  if (type === 'number' || type === 'integer') return `${minimum} to ${maximum}`;
  return String(type);
}

function table(schema: z.ZodObject, defaults: object, seeds: object | undefined): string {
  const head = ['setting', 'values', 'default', ...(seeds === undefined ? [] : ['seed']), 'effect'];
  const rows = leavesOf(schema).map(([path, field]) => [
    `\`${path}\``,
    typeOf(field),
    cell(at(defaults, path)),
    ...(seeds === undefined ? [] : [cell(at(seeds, path))]),
    descriptionOf(field) ?? '',
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[], filler = ' '): string =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0, filler)).join(' | ')} |`;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...rows.map((row) => line(row)),
  ].join('\n');
}

/** Defaults of a rig that come from its town are not repeated. */
const rigDefaults = { maxDispatchAttempts: effectiveRigSettings({}, {}).maxDispatchAttempts };

export const settingsPage = (): string =>
  [
    INTRODUCTION,
    '## Of a town\n',
    table(townSettingsSchema, effectiveTownSettings({}), seededConfig()),
    '\n## Of a rig\n',
    'What a rig does not set is as its town has it.\n',
    table(rigConfigSchema, rigDefaults, undefined),
    NOTES,
  ].join('\n');
