import type { StoreSubject } from '../store/subject.ts';
import { checkEnd, type Expected } from './end-state.ts';
import { World, type ModelTown, type Plan, type TownSettings } from './world.ts';

export type GetSubject = () => StoreSubject;

export interface Story {
  readonly world: World;
  readonly town: ModelTown;
}

/** A world with one town whose demo convoy has been asked for. */
export async function begin(
  { store }: StoreSubject,
  plan: Plan = {},
  settings: TownSettings = {},
): Promise<Story> {
  const world = new World(store, plan);
  const town = await world.createTown(settings);
  await world.startDemo(town);
  return { world, town };
}

/** The demo convoy from its first request to the end, which is checked. */
export async function tell(
  subject: StoreSubject,
  plan: Plan = {},
  expected: Expected = {},
  settings: TownSettings = {},
): Promise<Story> {
  const story = await begin(subject, plan, settings);
  await story.world.run();
  await checkEnd(story.world, subject.store, story.town, expected);
  return story;
}

/** Attempts of each bead, and tasks: what a fault that only costs time must not change. */
export async function effort({ store }: StoreSubject, { world, town }: Story) {
  const beads = await store.archivedOf(town.townId, 'bead');
  return {
    attempts: beads.map(({ title, attempt }) => `${title} ${attempt}`).sort(),
    tasks: world.platform.starts.length,
    turns: world.turns,
  };
}
