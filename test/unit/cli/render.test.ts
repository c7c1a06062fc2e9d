import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { printable } from '../../../cli/render/printable.ts';
import { shortId } from '../../../cli/render/id.ts';
import { hasColours } from '../../../cli/render/style.ts';
import { table } from '../../../cli/render/table.ts';
import { duration, relative } from '../../../cli/render/time.ts';
import { widthOf } from '../../../cli/render/width.ts';
import { spaced } from '../../../cli/render/words.ts';
import { wrap } from '../../../cli/render/wrap.ts';
import { NOW, styleOf } from './style.ts';

const at = (offsetMs: number): string => new Date(NOW + offsetMs).toISOString();

test.each([
  ['this instant', at(0), 'now'],
  ['less than a second ago', at(-400), 'now'],
  ['seconds ago', at(-59_000), '59s ago'],
  ['a minute ago, to the millisecond', at(-60_000), '1m ago'],
  ['not yet two hours ago', at(-7_199_999), '1h ago'],
  ['days ahead', at(3 * 86_400_000), 'in 3d'],
  ['no time', null, '-'],
])('relative times, %s', (_situation, time, text) => {
  expect(relative({ now: NOW }, time)).toBe(text);
});

test.each([
  [0, '0s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [3_900_000, '1h 5m'],
  [3_605_000, '1h'],
  [90_000_000, '1d 1h'],
])('%i ms took %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

const columns = [{ title: 'ID' }, { title: 'TITLE', isFlexible: true }, { title: 'N', isNumber: true }];
const long = 'a title that goes on and on until it does not fit in a window any more, and then some';

test.each([[60], [80], [120]])('a table stays within %i columns and loses no word', (width) => {
  const text = table(styleOf(width), columns, [
    ['12345678', long, '7'],
    ['87654321', '日本語のタイトル', '10'],
  ]);
  const lines = text.trimEnd().split('\n');
  expect(lines.filter((line) => widthOf(line) > width)).toEqual([]);
  for (const word of long.split(' ')) expect(text).toContain(word);
  expect(lines[0]).toMatch(/^ID\s+TITLE\s+N$/);
});

test('numbers stand below each other at their ends; nothing is wrapped when there is room', () => {
  const text = table(styleOf(10_000), columns, [
    ['a', long, '7'],
    ['b', 'x', '10'],
  ]);
  expect(text.split('\n')).toHaveLength(4);
  expect(
    text
      .split('\n')
      .slice(1, 3)
      .map((line) => line.length),
  ).toEqual([text.split('\n')[1]?.length, text.split('\n')[1]?.length]);
});

test('colours are in a table only where they are wanted', () => {
  const coloured = table(styleOf(80, true), columns, [['a', 'b', '1']]);
  expect(coloured).toContain('\u001B[');
  expect(stripVTControlCharacters(coloured)).toBe(table(styleOf(80), columns, [['a', 'b', '1']]));
});

test.each([
  ['a terminal', { isTTY: true }, {}, true],
  ['a pipe', {}, {}, false],
  ['whoever says no', { isTTY: true }, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR, which says nothing', { isTTY: true }, { NO_COLOR: '' }, true],
  ['a terminal that has none', { isTTY: true }, { TERM: 'dumb' }, false],
])('colours for %s', (_situation, stream, env, wanted) => {
  expect(hasColours(stream, env)).toBe(wanted);
});

test.each([
  ['fits', 'one two', 20, 0, 'one two'],
  [
    'breaks between words, and indents',
    'one two three four five six seven',
    24,
    2,
    'one two three four\n  five six seven',
  ],
  ['keeps line breaks', 'a\nb', 80, 4, 'a\n    b'],
  ['leaves a word that is too long', `${'x'.repeat(30)} y`, 22, 0, `${'x'.repeat(30)}\ny`],
  ['keeps the spaces of code', '  if (a)  b', 80, 0, '  if (a)  b'],
])('a text that %s', (_situation, text, width, indent, expected) => {
  expect(wrap({ columns: width }, text, indent)).toBe(expected);
});

test.each([
  ['a colour', 'a\u001B[31mred', 'a [31mred'],
  ['a title of the window', '\u001B]0;owned\u0007x', ' ]0;owned x'],
  ['a carriage return that hides what was before', 'bad\rgood', 'bad good'],
  ['turned text', 'a\u202Eb', 'ab'],
  ['lines and tabs, which stay', 'a\n\tb', 'a\n\tb'],
])('what an agent writes does not steer the terminal: %s', (_situation, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('ids are shown by how they end; other names as they are', () => {
  expect(shortId('019b8d3d-0a40-74a5-8d3c-91f2c2ab3c03')).toBe('c2ab3c03');
  expect(shortId('container')).toBe('container');
  expect([spaced('in_review'), spaced('mergeRequest'), spaced('needs_attention')]).toEqual([
    'in review',
    'merge request',
    'needs attention',
  ]);
});
