import type { Place } from './body-schema.ts';

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

/** Own members with the names that objects inherit; as JSON they arrive as members like any other. */
const member = (name: string, value: unknown): object => Object.fromEntries([[name, value]]);

/** What is put in the place of a good value. The document refuses most of it, not all: a title may well be long. */
const VALUES: readonly (readonly [what: string, value: unknown])[] = [
  ['null', null],
  ['a truth', true],
  ['half a number', -0.5],
  ['a huge number', 1e308],
  ['NaN as text', 'NaN'],
  ['nothing', ''],
  ['spaces', '   '],
  ['a very long text', 'x'.repeat(100_000)],
  ['a list', []],
  ['an object', {}],
  ['lists in lists', nested(500)],
  ['a prototype', member('__proto__', { isAdmin: true })],
];

/** Texts that no database, command line or header carries unharmed. */
export const UNFIT_TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['a NUL', 'a\u0000b'],
  ['half a character', 'a\ud800b'],
  ['the other half', '\udc00'],
];

/** Spoiled values of one place, with words for the row. */
export function hostileValues(
  { schema }: Place,
  value: unknown,
): (readonly [what: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [...VALUES];
  const isOpen = schema.additionalProperties !== undefined && schema.additionalProperties !== false;
  const strangers = isOpen ? [] : ['unknown', '__proto__', 'constructor', 'toString'];
  const added = strangers.map(
    (name) => [`an unknown field ${name}`, { ...value, ...member(name, { a: 1 }) }] as const,
  );
  return [...VALUES, ...added];
}
