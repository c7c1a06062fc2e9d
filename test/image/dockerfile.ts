import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Instruction {
  /** In capitals. */
  readonly name: string;
  /** All behind the name, lines joined. */
  readonly text: string;
}

export interface Stage {
  readonly image: string;
  /** What other stages call it. */
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  /** Build arguments with their defaults, of the whole file. */
  readonly args: ReadonlyMap<string, string | undefined>;
  readonly stages: readonly Stage[];
}

/** As much of the format as ours uses: comments, continued lines, stages. */
export function readDockerfile(): Dockerfile {
  const lines = readFileSync(`${ROOT}task-image/Dockerfile`, 'utf8')
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const instructions = lines.map((line) => {
    const [, name = '', text = ''] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
    return { name: name.toUpperCase(), text: text.trim() };
  });
  const args = new Map(
    instructions
      .filter(({ name }) => name === 'ARG')
      .map(({ text }) => {
        const [arg = '', ...value] = text.split('=');
        return [arg, value.length === 0 ? undefined : value.join('=')] as const;
      }),
  );
  const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  const stages = starts.map((start, index): Stage => {
    const [image = '', , name] = (instructions[start]?.text ?? '').split(/\s+/);
    return { image, name, instructions: instructions.slice(start + 1, starts[index + 1]) };
  });
  return { args, stages };
}

/** Sources of a COPY of the build context; those of another stage are not here. */
export function copiedSources({ name, text }: Instruction): string[] {
  if (name !== 'COPY' || text.includes('--from=')) return [];
  return text
    .split(/\s+/)
    .filter((part) => !part.startsWith('--'))
    .slice(0, -1);
}
