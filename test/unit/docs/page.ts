import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const read = (path: string): string => readFileSync(ROOT + path, 'utf8');

/** The cells of the rows of all tables in a page, without heads. */
export const rowsOf = (page: string): string[][] =>
  page
    .split('\n')
    .filter(
      (line, at, lines) =>
        line.startsWith('|') && !line.startsWith('| -') && !(lines[at + 1] ?? '').startsWith('| -'),
    )
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

/** Every test file that the text names is there, and has the tests whose titles stand after it in “quotes”. */
export function expectTests(text: string): void {
  for (const part of text.split('`test/').slice(1)) {
    const path = `test/${part.slice(0, part.indexOf('`'))}`;
    expect([path, existsSync(ROOT + path)]).toEqual([path, true]);
    for (const [, title = ''] of part.matchAll(/“([^”]+)”/g)) expect(read(path)).toContain(title);
  }
}
