const partPattern = (part: string): string => {
  const name = /^\{(\+?)(\w+)\}$/.exec(part);
  if (name === null) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return name[1] === '+' ? `(?<${name[2]}>.+)` : `(?<${name[2]}>[^/]+)`;
};

/** A template's parts as a pattern of paths. `{basehead}` and the like are named groups. */
export const pathPattern = (template: string): RegExp =>
  new RegExp(`^${template.split('/').map(partPattern).join('/')}$`);

/** What the path has in the places of the template; undefined: another path. */
export function matchPath(pattern: RegExp, path: string): Record<string, string> | undefined {
  const match = pattern.exec(path);
  if (match === null) return undefined;
  return Object.fromEntries(
    Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
  );
}
