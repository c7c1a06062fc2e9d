import { expect } from 'vitest';
import { explain } from '../../../core/explain.ts';
import type { TownStore } from '../../../core/ports.ts';
import type { ModelTown, World } from './world.ts';

export interface Expected {
  /** Beads besides the three of the convoy. */
  readonly looseBeads?: number;
}
const CONVOY_BEADS = 3;

/** How every story must end, whatever went wrong on the way. */
export async function checkEnd(
  world: World,
  store: TownStore,
  { townId, remote, forge }: ModelTown,
  { looseBeads = 0 }: Expected = {},
): Promise<void> {
  const town = await store.live(townId);
  if (town === undefined) throw new Error('the town is gone');
  const log = await store.log(townId, 10_000);

  const beads = CONVOY_BEADS + looseBeads;
  const archived = await store.archivedOf(townId, 'bead');
  expect(archived.map(({ status }) => status)).toEqual(Array.from({ length: beads }, () => 'closed'));
  const landed = await store.archivedOf(townId, 'convoy');
  expect(landed.map(({ state }) => state)).toEqual(['landed']);
  const ended = log
    .flatMap(({ decisions }) => decisions)
    .filter(({ to }) => to === 'closed' || to === 'landed' || to === 'merged')
    .map(({ subject, to }) => `${subject.kind} ${subject.id} ${to}`);
  expect(new Set(ended).size).toBe(ended.length);
  expect(ended.filter((text) => text.endsWith('closed'))).toHaveLength(beads);
  expect(town.live.bead.size + town.live.convoy.size + town.live.mergeRequest.size).toBe(0);

  // What stands in the town's own words: nothing is asked for, nothing waits, nobody is told anything.
  expect(town.head.dueAt).toBeUndefined();
  expect(town.head.failure).toBeUndefined();
  expect(town.head.suspendedRules).toBeUndefined();
  expect(town.inbox).toEqual([]);
  expect([...town.outbox.keys()]).toEqual([]);
  expect(explain(town, world.time.now)).toEqual([]);
  expect([...town.live.agent.values()].filter(({ status }) => status !== 'idle')).toEqual([]);

  const { container } = town;
  expect(container.state).toBe('absent');
  expect(world.platform.alive.filter((id) => id.startsWith(`${townId}/`))).toEqual([]);
  const epochs = world.platform.starts.filter((key) => key.townId === townId).map(({ epoch }) => epoch);
  expect(new Set(epochs).size).toBe(epochs.length);
  expect(world.platform.overlaps).toEqual([]);
  expect(epochs.every((epoch) => epoch >= 1 && epoch <= container.epoch)).toBe(true);

  const merged = remote.merges.map(({ mergeRequestId }) => mergeRequestId);
  expect(new Set(merged).size).toBe(merged.length);
  expect({ doubles: forge.doubles, blocked: forge.blockedMerges }).toEqual({ doubles: [], blocked: [] });
  const onMain = remote.merges.filter(({ target }) => target === 'main');
  expect({ main: onMain.length, all: merged.length }).toEqual({ main: 1 + looseBeads, all: 1 + beads });

  // Every version was made once: by a commit, which has a log item, or by a bump of the API or of a statement.
  const versions = log.map(({ version }) => version).toReversed();
  expect(new Set(versions).size).toBe(versions.length);
  expect(versions.at(-1)).toBeLessThanOrEqual(town.head.version);
  expect(versions.length + (world.bumps.get(townId) ?? 0)).toBe(town.head.version - 1);
  expect(world.metric('reconcile.violations')).toBe(0);
}
