import type { Plan } from '../contract/loop/world.ts';
import { SimulationFailure } from './checks/failure.ts';
import { simulate, type Mode } from './simulate.ts';
import type { Story } from './story/story.ts';

/** The promise that a story breaks; undefined: it breaks none. */
export async function brokenBy(
  story: Story,
  mode: Mode,
  core: Pick<Plan, 'decide'> = {},
): Promise<SimulationFailure | undefined> {
  try {
    await simulate(story, mode, core);
    return undefined;
  } catch (error) {
    return error instanceof SimulationFailure
      ? error
      : new SimulationFailure('the program works', String(error));
  }
}

/** A part of a story that may be left out. */
const PARTS = ['faults', 'acts'] as const;

/**
 * A smaller story that breaks the same promise: faults and acts are left out, half of them, then less, as long as it still breaks.
 * @param limitMs real time; when it is over the smallest story so far is the answer
 */
export async function minimise(
  story: Story,
  mode: Mode,
  failure: SimulationFailure,
  { limitMs, core = {} }: { readonly limitMs: number; readonly core?: Pick<Plan, 'decide'> },
): Promise<Story> {
  const endsAt = Date.now() + limitMs;
  const isTheSame = async (smaller: Story): Promise<boolean> =>
    (await brokenBy(smaller, mode, core))?.promise === failure.promise;
  let smallest = story.reconcilers === 1 ? story : await withOneReconciler(story, isTheSame);
  for (const part of PARTS) {
    for (let size = Math.ceil(smallest[part].length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < smallest[part].length && Date.now() < endsAt;) {
        const rest = smallest[part].filter((_, place) => place < from || place >= from + size);
        // The pairing of part and list is kept by leaving members out only.
        const smaller = { ...smallest, [part]: rest } as Story;
        if (await isTheSame(smaller)) smallest = smaller;
        else from += size;
      }
    }
  }
  return smallest;
}

async function withOneReconciler(
  story: Story,
  isTheSame: (story: Story) => Promise<boolean>,
): Promise<Story> {
  const smaller = { ...story, reconcilers: 1 };
  return (await isTheSame(smaller)) ? smaller : story;
}

/** A story for people. */
export function tell({ towns, acts, faults, calmAtMs, reconcilers, talking = 0 }: Story): string {
  const time = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  return [
    ...towns.map((settings, place) => `town ${place}: ${JSON.stringify(settings)}`),
    ...(reconcilers === 1 ? [] : [`${reconcilers} reconcilers at once`]),
    ...(talking === 0 ? [] : [`${talking * 100} % of the sessions talk to others`]),
    ...faults.map(({ fault, rate }) => `fault ${fault}, rate ${rate}, until ${time(calmAtMs)}`),
    ...acts
      .toSorted((a, b) => a.atMs - b.atMs)
      .map(({ atMs, act, town, seed }) => `${time(atMs)}: ${act} on town ${town} (choices of ${seed})`),
  ].join('\n');
}
