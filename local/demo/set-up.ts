import type { ApiClient } from './api-client.ts';
import type { ConvoyAnswer, List, RigAnswer, TownAnswer } from './records.ts';
import { GATE, NAMES, TASKS } from './story.ts';

export interface DemoTown {
  readonly townId: string;
  readonly convoyId: string;
}

/**
 * The demo's town, rig and convoy: found, or made. A demo that was killed half-way through this goes on where it was.
 * @param sleepAfterMinutes idle time before the container stops
 */
export async function setUpTown(
  api: ApiClient,
  gitUrl: string,
  sleepAfterMinutes: number,
): Promise<DemoTown> {
  const config = { refinery: { gates: [GATE], codeReview: true }, container: { sleepAfterMinutes } };
  const town =
    named(await api.get<List<TownAnswer>>('/towns'), NAMES.town) ??
    (await api.post<TownAnswer>('/towns', { name: NAMES.town, config }));
  const at = `/towns/${town.id}`;
  const rig =
    named(await api.get<List<RigAnswer>>(`${at}/rigs`), NAMES.rig) ??
    (await api.post<RigAnswer>(`${at}/rigs`, { name: NAMES.rig, gitUrl }));
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
  return { townId: town.id, convoyId: convoy.id };
}

const named = <T extends { readonly name: string }>(list: List<T>, name: string): T | undefined =>
  list.items.find((item) => item.name === name);
