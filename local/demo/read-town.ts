import type { ApiClient } from './api-client.ts';
import type {
  AgentAnswer,
  BeadAnswer,
  ConvoyAnswer,
  EventAnswer,
  List,
  MayorAnswer,
  MergeRequestAnswer,
  Snapshot,
  StatusAnswer,
  WhyAnswer,
} from './records.ts';

export async function readTown(api: ApiClient, townId: string): Promise<Snapshot> {
  const at = `/towns/${townId}`;
  const [status, convoys, beads, agents, mergeQueue, why, mayor] = await Promise.all([
    api.get<StatusAnswer>(`${at}/status`),
    api.get<List<ConvoyAnswer>>(`${at}/convoys`),
    api.get<List<BeadAnswer>>(`${at}/beads`),
    api.get<List<AgentAnswer>>(`${at}/agents`),
    api.get<List<MergeRequestAnswer>>(`${at}/merge-queue`),
    api.get<List<WhyAnswer>>(`${at}/why`),
    api.get<MayorAnswer>(`${at}/mayor`),
  ]);
  const sorted = [...beads.items].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    status,
    convoys: convoys.items,
    beads: sorted,
    agents: agents.items,
    mergeQueue: mergeQueue.items,
    why: why.items,
    chat: mayor.items,
  };
}

/** The whole audit log, newest first. */
export async function readEvents(api: ApiClient, townId: string): Promise<readonly EventAnswer[]> {
  return (await api.get<List<EventAnswer>>(`/towns/${townId}/events?limit=200`)).items;
}

/** What keeps the demo from being over; undefined: everything has landed and nothing is left to do. */
export function unfinished({ status, convoys, beads, chat }: Snapshot): string | undefined {
  if (chat.some(({ unanswered }) => unanswered)) return 'the mayor has not answered';
  const open = beads.filter((bead) => bead.status !== 'closed');
  const [stuck] = convoys.filter(({ state }) => state !== 'landed');
  if (open.length > 0) return `${open.length} beads are not closed`;
  if (stuck !== undefined) return `the convoy is ${stuck.state}`;
  if (beads.length === 0) return 'there are no beads';
  if (status.container.state !== 'absent') return `the container is ${status.container.state}`;
  if (status.dueAt !== null) return `the town is due at ${status.dueAt}`;
  return undefined;
}

/** What will not change by itself. */
export function hopeless({ convoys, beads }: Snapshot): string | undefined {
  const failed = beads.find((bead) => bead.status === 'failed');
  if (failed !== undefined) return `the bead "${failed.title}" failed`;
  const stuck = convoys.find(({ state }) => state === 'needs_attention');
  return stuck === undefined ? undefined : `the convoy "${stuck.title}" needs attention`;
}
