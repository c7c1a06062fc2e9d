import { UsageError } from '../usage-error.ts';

/** Settings are named by their path: `refinery.codeReview`. */

/** Their values are shown as masks, and never written on a command line: other users of the machine could see it there. */
const SECRETS: readonly RegExp[] = [
  /^model\.apiKey$/,
  /^gitAuth\.(?:githubToken|gitlabToken)$/,
  /^githubCliPat$/,
  /^envVars\..+$/,
];

export const isSecret = (path: string): boolean => SECRETS.some((pattern) => pattern.test(path));

/** A name of the environment may hold dots; every other part has none. */
function partsOf(path: string): string[] {
  const [first = '', ...rest] = path.split('.');
  const parts = first === 'envVars' && rest.length > 0 ? [first, rest.join('.')] : [first, ...rest];
  if (parts.some((part) => part === '' || part === '__proto__')) {
    throw new UsageError(`"${path}" is not the name of a setting: refinery.codeReview is one.`);
  }
  return parts;
}

/** What a setting is; undefined: not set, or no such setting. */
export const valueAt = (settings: unknown, path: string): unknown =>
  partsOf(path).reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string, unknown>)[part]
        : undefined,
    settings,
  );

/** A patch that changes one setting. */
export const patchOf = (path: string, value: unknown): Record<string, unknown> =>
  partsOf(path).reduceRight<unknown>((inner, part) => ({ [part]: inner }), value) as Record<string, unknown>;

/** Settings as paths with their values, in their order. */
export function flatSettings(settings: object, prefix = ''): [path: string, value: unknown][] {
  return Object.entries(settings).flatMap(([name, value]): [string, unknown][] => {
    const path = `${prefix}${name}`;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? flatSettings(value as object, `${path}.`)
      : [[path, value]];
  });
}
