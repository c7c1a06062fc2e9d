import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import * as z from 'zod';

const PROGRAM = fileURLToPath(new URL('synthesize.ts', import.meta.url));
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
});
export type Resource = z.infer<typeof resource>;
export type Resources = Readonly<Record<string, Resource>>;

const templateSchema = z.looseObject({ Resources: z.record(z.string(), resource) });

/** Resources of a template by logical id. */
export const resourcesIn = (file: string): Resources =>
  templateSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).Resources;

export interface Synthesized {
  readonly exitCode: number | undefined;
  readonly output: string;
  /** A file of the cloud assembly; undefined when it is not there. */
  file(name: string): unknown;
}

/** The stack as `cdk synth` makes it, but without the functions' bundles. */
export async function synthesize(options: Readonly<Record<string, unknown>> = {}): Promise<Synthesized> {
  const outdir = mkdtempSync(join(tmpdir(), 'gastown-template-'));
  try {
    const { exitCode, all } = await execa(process.execPath, [PROGRAM, outdir, JSON.stringify(options)], {
      cwd: ROOT,
      all: true,
      reject: false,
      timeout: 60_000,
      env: {
        NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
        // The check of every resource against its published schema takes most of a synth; one test does the whole.
        CDK_VALIDATION: 'false',
      },
    });
    const names = readdirSync(outdir).filter((name) => name.endsWith('.json'));
    const files = new Map(names.map((name) => [name, contentOf(join(outdir, name))]));
    return { exitCode, output: all, file: (name) => files.get(name) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The resources of the stack. @throws what the synth said, when it failed */
export async function stackResources(options?: Readonly<Record<string, unknown>>): Promise<Resources> {
  return resourcesOf(await synthesize(options), 'Gastown');
}

/** The resources of one of several stacks. @throws what the synth said, when it failed */
export function resourcesOf({ exitCode, output, file }: Synthesized, stack: string): Resources {
  if (exitCode !== 0) throw new Error(`The synth failed: ${output}`);
  return templateSchema.parse(file(`${stack}.template.json`)).Resources;
}

export const ofType = (resources: Resources, type: string): [string, Resource][] =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

/** The one resource of a type, or the one with that name. */
export function one(resources: Resources, type: string, name?: string): Resource {
  const found = ofType(resources, type).filter(([id]) => name === undefined || nameOf(id) === name);
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`The template has ${found.length} of ${type} ${name ?? ''}, not one.`);
  return first[1];
}

/** Logical ids end with a hash over the path. */
export const nameOf = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

/** A value of the template as one line to read: what it refers to stands in angle brackets. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  const [[key, argument] = ['', undefined]] = Object.entries(value);
  if (key === 'Ref') return `<${nameOf(String(argument))}>`;
  if (key === 'Fn::Sub') return String(argument);
  if (key === 'Fn::GetAtt') {
    const [id, attribute] = z.tuple([z.string(), z.string()]).parse(argument);
    return `<${nameOf(id)}${attribute === 'Arn' ? '' : `.${attribute}`}>`;
  }
  if (key === 'Fn::Join') {
    const [separator, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(argument);
    return parts.map(textOf).join(separator);
  }
  return JSON.stringify(value);
}
