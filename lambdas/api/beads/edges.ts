import { Conflict, NotFound } from '../../../core/errors.ts';
import { MAX_DEPENDENTS, type Edge } from '../../../core/town/bead.ts';
import { cycleThrough } from '../../../core/town/dependencies.ts';
import type { Town } from '../../../core/town/town.ts';
import type { TownDeps } from '../context.ts';

/**
 * Edges to what a bead shall depend on, as it stands in the town that was read.
 * @throws NotFound, Conflict (a circle, or too many that wait for one bead)
 */
export async function edgesTo(
  deps: Pick<TownDeps, 'store'>,
  town: Town,
  beadId: string,
  dependsOn: readonly string[],
): Promise<Edge[]> {
  const ids = [...new Set(dependsOn)];
  const circle = cycleThrough(
    beadId,
    ids,
    (id) => town.live.bead.get(id)?.dependsOn.map((edge) => edge.id) ?? [],
  );
  if (circle !== undefined) {
    throw new Conflict(`The beads would wait for each other in a circle: ${circle.join(' → ')}.`);
  }
  const edges: Edge[] = [];
  for (const id of ids) edges.push(await edgeTo(deps, town, beadId, id));
  return edges;
}

async function edgeTo(
  { store }: Pick<TownDeps, 'store'>,
  town: Town,
  beadId: string,
  id: string,
): Promise<Edge> {
  if (town.live.bead.has(id)) {
    const dependents = [...town.live.bead.values()].filter(
      (bead) => bead.id !== beadId && bead.dependsOn.some((edge) => edge.id === id),
    );
    if (dependents.length >= MAX_DEPENDENTS) {
      throw new Conflict(
        `${MAX_DEPENDENTS} beads wait for ${id} already; let this one wait for one of those.`,
      );
    }
    return { id, outcome: 'open' };
  }
  const archived = await store.archived(town.head.id, 'bead', id);
  if (archived === undefined) throw new NotFound(`There is no bead ${id} in this town to depend on.`);
  return { id, outcome: archived.status === 'closed' ? 'closed' : 'failed' };
}
