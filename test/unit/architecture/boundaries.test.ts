import { expect, test } from 'vitest';
import { importsOf, packageOf, read, sourceFiles, target } from './source.ts';

/**
 * Arrows point inwards: what the files of a folder may import of the others. The most specific folder counts, and every
 * folder may import itself.
 */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  lambdas: ['core'],
  'task-image': ['core/protocol', 'core/prompts'],
  // Local mode runs the functions themselves, and bundles the agents' plugin as the image's build does.
  local: ['core', 'lambdas', 'task-image/plugin/build.ts'],
  lib: ['core', 'lambdas'],
  // The command line speaks HTTP: it knows the API by its document only.
  cli: [],
  bin: ['core', 'lib', 'lambdas', 'local', 'cli', 'package.json'],
  web: ['core/protocol'],
  test: ['core', 'lambdas', 'task-image', 'local', 'lib', 'bin', 'cli', 'web'],
};

const isIn = (file: string, folder: string): boolean => file === folder || file.startsWith(`${folder}/`);

/** What is wrong with the imports of a source text that stands in `file`. */
function strayImports(file: string, source: string): string[] {
  const own = file.split('/')[0] ?? '';
  const allowed = [own, ...(ARROWS[own] ?? [])];
  return importsOf(source).flatMap((found) => {
    const to = target(file, found);
    return to === undefined || allowed.some((folder) => isIn(to, folder)) ? [] : [`${file} imports ${to}`];
  });
}

test('every folder imports only what its arrows point to', () => {
  const files = Object.keys(ARROWS).flatMap(sourceFiles);
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => strayImports(file, read(file)))).toEqual([]);
});

test('relative imports carry the extension .ts, and name files that are there', () => {
  const files = Object.keys(ARROWS).flatMap(sourceFiles);
  const known = new Set(files);
  const strays = files.flatMap((file) =>
    importsOf(read(file)).flatMap((found) => {
      const to = target(file, found);
      const isKnown = to === undefined || known.has(to) || /\.(json|css|svg|mjs|js)$/.test(to);
      return isKnown ? [] : [`${file} imports ${found.from}`];
    }),
  );
  expect(strays).toEqual([]);
});

/** zod as a star import bundles a sixth of what the named one does. */
const zodForms = (file: string, source: string): string[] =>
  importsOf(source).flatMap((found) => {
    if (packageOf(found) !== 'zod') return [];
    const isStar = found.from === 'zod' && /^(type )?\* as z$/.test(found.clause ?? '');
    return isStar ? [] : [`${file}: import ${found.clause ?? ''} from '${found.from}'`];
  });

test("zod is imported as `import * as z from 'zod'` and in no other way", () => {
  const files = Object.keys(ARROWS).flatMap(sourceFiles);
  expect(files.flatMap((file) => zodForms(file, read(file)))).toEqual([]);
});

test.each([
  ['core/rules/x.ts', `import { route } from '../../lambdas/http/route.ts';`],
  ['core/rules/x.ts', `import type {\n  Machine,\n} from "../../local/machine.ts";`],
  ['core/x.ts', `export { a } from '../task-image/a.ts';`],
  ['core/x.ts', `const load = () => import('../bin/local.ts');`],
  ['core/x.ts', `import '../local/machine.ts';`],
  ['task-image/jobs/x.ts', `import { reconcile } from '../../core/reconcile.ts';`],
  ['lambdas/api/x.ts', `/* a */ import { machine } from '../../local/machine.ts';`],
  ['local/x.ts', `import { run } from '../task-image/supervisor/main.ts';`],
])('the check of imports refuses, in %s: %s', (file, source) => {
  expect(strayImports(file, source)).toHaveLength(1);
});

test.each([
  ['task-image/jobs/x.ts', `import { jobSpec } from '../../core/protocol/job.ts';`],
  ['core/x.ts', `// import { a } from '../local/a.ts';\nimport { b } from './b.ts';`],
  ['core/x.ts', `const text = "it's"; /* import '../local/a.ts' */`],
  ['core/x.ts', "const program = `import { a } from '../local/a.ts';\\nimport '../local/b.ts';`;"],
])('the check of imports takes, in %s: %s', (file, source) => {
  expect(strayImports(file, source)).toEqual([]);
});

test.each([
  `import { z } from 'zod';`,
  `import z from 'zod';`,
  `import * as z from 'zod/v4';`,
  `import type { ZodType } from 'zod';`,
  `const z = await import('zod');`,
])('the check of zod refuses: %s', (source) => {
  expect(zodForms('x.ts', source)).toHaveLength(1);
});
