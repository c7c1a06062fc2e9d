/** What a bead depends on, by id; only live beads can be part of a circle. */
export type DependenciesOf = (id: string) => readonly string[];

/**
 * The circle that would close if `id` depended on `dependsOn`: ids from `id` back to itself; undefined: none would.
 */
export function cycleThrough(
  id: string,
  dependsOn: readonly string[],
  dependenciesOf: DependenciesOf,
): string[] | undefined {
  const seen = new Set<string>();
  const open: { id: string; path: string[] }[] = dependsOn.map((next) => ({ id: next, path: [id, next] }));
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at.id === id) return at.path;
    if (seen.has(at.id)) continue;
    seen.add(at.id);
    for (const next of dependenciesOf(at.id)) open.push({ id: next, path: [...at.path, next] });
  }
  return undefined;
}
