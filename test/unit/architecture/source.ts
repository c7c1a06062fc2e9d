import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's own source files, and what they import; read as text, so that no file has to load. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** TypeScript files below a folder of the repository, as paths from its root with `/`; none when there is no such folder. */
export function sourceFiles(folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => /\.(ts|tsx|mts|cts)$/.test(entry) && !entry.split(sep).includes('node_modules'))
    .map((entry) => `${folder}/${entry.split(sep).join('/')}`)
    .sort();
}

export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

export interface Import {
  /** As written. */
  readonly from: string;
  /** What stands between `import` and `from`; undefined: imported for its effect, or dynamically. */
  readonly clause: string | undefined;
}

/** Every static and dynamic import and re-export of a source text. */
export function importsOf(source: string): Import[] {
  const { code, literals } = scan(source);
  const named = /(?:^|[;}\n])\s*(?:import|export)\s+((?:type\s+)?[\w*{][^'"`;]*?)\s*from\s*"(\d+)"/g;
  const bare = /(?:^|[;}\n])\s*import\s*"(\d+)"/g;
  const dynamic = /\b(?:import|require)\s*\(\s*"(\d+)"/g;
  const literal = (index = ''): string => literals[Number(index)] ?? '';
  return [
    ...[...code.matchAll(named)].map(([, clause, index]) => ({ from: literal(index), clause })),
    ...[...code.matchAll(bare), ...code.matchAll(dynamic)].map(([, index]) => ({
      from: literal(index),
      clause: undefined,
    })),
  ];
}

/** The file that an import of `file` names, from the repository's root; undefined: a package. */
export function target(file: string, { from }: Import): string | undefined {
  if (!from.startsWith('.')) return undefined;
  return posix.normalize(posix.join(posix.dirname(file), from));
}

/** The package of an import: `@scope/name`, `name` or `node:name`; undefined: a file. */
export function packageOf({ from }: Import): string | undefined {
  if (from.startsWith('.')) return undefined;
  return from.split('/', from.startsWith('@') ? 2 : 1).join('/');
}

/** Code alone: no comments, and nothing in quotes but what a template computes. */
export const codeOnly = (source: string): string => scan(source).code;

const REGEX_MAY_FOLLOW = /(?:^|[(,=:[!&|?{};+\n]|\breturn|=>)\s*$/;

/** The code without comments, texts and regular expressions; a quoted literal stays as `"<index in literals>"`. */
function scan(source: string): { code: string; literals: string[] } {
  let code = '';
  let at = 0;
  const literals: string[] = [];
  /** Braces open in the code of a template's `${…}`, one entry for each template that is open. */
  const templates: number[] = [];
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    // What does not end where it should is taken character by character.
    const text = pattern.exec(source)?.[0] ?? source[at] ?? '';
    at += text.length;
    return text;
  };
  const template = (): void => {
    if (take(/(?:\\[\s\S]|(?!\$\{|`)[\s\S])*(?:`|\$\{)/gy).endsWith('${')) templates.push(0);
    code += ' ';
  };
  while (at < source.length) {
    const one = source[at] ?? '';
    const open = templates.at(-1);
    if (source.startsWith('//', at)) take(/[^\n]*/gy);
    else if (source.startsWith('/*', at)) take(/\/\*[\s\S]*?\*\//gy);
    else if (one === "'" || one === '"') {
      literals.push(take(/(['"])(?:\\[\s\S]|(?!\1)[^\\])*\1/gy).slice(1, -1));
      code += `"${literals.length - 1}"`;
    } else if (one === '`' || (one === '}' && open === 0)) {
      at += 1;
      if (one === '}') templates.pop();
      template();
    } else if (one === '/' && REGEX_MAY_FOLLOW.test(code.slice(-40))) {
      take(/\/(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\n])+\/[a-z]*/gy);
    } else {
      if (open !== undefined)
        templates[templates.length - 1] = open + (one === '{' ? 1 : one === '}' ? -1 : 0);
      code += one;
      at += 1;
    }
  }
  return { code, literals };
}
