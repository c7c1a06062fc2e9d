import type { ApiClient } from './api-client.ts';
import type { ConvoyAnswer, List, MayorAnswer, RigAnswer, TownAnswer } from './records.ts';
import { GATE, NAMES, TASKS } from './story.ts';

export interface DemoTown {
  readonly townId: string;
}

/**
 * The demo's town and rig, and its convoy, or what is asked of the mayor: found, or made. A demo that was killed half-way through
 * this goes on where it was.
 * @param sleepAfterMinutes idle time before the container stops
 * @param sentence for the mayor, who makes the work of it
 * @param integrationId merges by pull requests, with tokens of this integration
 */
export async function setUpTown(
  api: ApiClient,
  gitUrl: string,
  sleepAfterMinutes: number,
  sentence?: string,
  integrationId?: string,
): Promise<DemoTown> {
  const config = {
    refinery: { gates: [GATE], codeReview: true, autoMergeDelayMinutes: 0 },
    ...(integrationId === undefined
      ? {}
      : { mergeStrategy: 'pr', gitAuth: { platformIntegrationId: integrationId } }),
    container: { sleepAfterMinutes },
    stagedConvoysDefault: false,
  };
  const town =
    named(await api.get<List<TownAnswer>>('/towns'), NAMES.town) ??
    (await api.post<TownAnswer>('/towns', { name: NAMES.town, config }));
  const at = `/towns/${town.id}`;
  const rig =
    named(await api.get<List<RigAnswer>>(`${at}/rigs`), NAMES.rig) ??
    (await api.post<RigAnswer>(`${at}/rigs`, { name: NAMES.rig, gitUrl }));
  if (sentence === undefined) await startConvoy(api, at, rig);
  else await askMayor(api, at, sentence);
  return { townId: town.id };
}

/** The first thing that is said to the mayor, once. */
async function askMayor(api: ApiClient, at: string, message: string): Promise<void> {
  await api.post(`${at}/mayor/ensure`, {});
  const { items, unanswered } = await api.get<MayorAnswer>(`${at}/mayor`);
  if (items.length === 0 && unanswered === 0) {
    await api.post(`${at}/mayor/messages`, { message }, { 'idempotency-key': FIRST_MESSAGE });
  }
}

/** However often a demo that was killed is resumed, it says this once. */
const FIRST_MESSAGE = 'the first message of the demo';

async function startConvoy(api: ApiClient, at: string, rig: RigAnswer): Promise<void> {
  const convoys = await api.get<List<ConvoyAnswer>>(`${at}/convoys`);
  const convoy =
    convoys.items.find(({ title }) => title === NAMES.convoy) ??
    (await api.post<ConvoyAnswer>(`${at}/convoys`, {
      rigId: rig.id,
      title: NAMES.convoy,
      tasks: TASKS.map(({ title, body, dependsOn }) => ({ title, body, dependsOn })),
      mergeMode: 'review-then-land',
      staged: true,
    }));
  if (convoy.state === 'staged') await api.post(`${at}/convoys/${convoy.id}/start`, {});
}

const named = <T extends { readonly name: string }>(list: List<T>, name: string): T | undefined =>
  list.items.find((item) => item.name === name);
