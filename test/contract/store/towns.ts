import { createIds } from '../../../core/ids.ts';
import { Draft } from '../../../core/draft.ts';
import type { InboxItem } from '../../../core/facts/inbox.ts';
import type { MessageFact } from '../../../core/facts/message.ts';
import { reconcile, type Outcome } from '../../../core/reconcile.ts';
import type { TownStore } from '../../../core/ports.ts';
import type { Bead } from '../../../core/town/bead.ts';
import type { AttemptEntry } from '../../../core/town/history.ts';
import type { Convoy } from '../../../core/town/convoy.ts';
import type { Instant } from '../../../core/town/instant.ts';
import type { Rig } from '../../../core/town/rig.ts';
import type { Town } from '../../../core/town/town.ts';
import { noUsage } from '../../../core/town/usage.ts';

export const NOW: Instant = Date.UTC(2026, 0, 1);
const run = `${process.pid}-${Date.now()}`;
let counter = 0;
/** Unique within an endpoint. */
export const unique = (purpose: string): string => `${purpose}-${run}-${(counter += 1)}`;

export interface TownIds {
  readonly townId: string;
  readonly ownerId: string;
  readonly pk: string;
}

export async function newTown(store: TownStore, ownerId = unique('owner')): Promise<TownIds> {
  const id = unique('town');
  await store.createTown({ head: { id, name: 'Gas', ownerId }, config: { rev: 1 }, at: NOW });
  return { townId: id, ownerId, pk: `TOWN#${id}` };
}

export async function liveTown(store: TownStore, townId: string): Promise<Town> {
  const town = await store.live(townId);
  if (town === undefined) throw new Error(`no town ${townId}`);
  return town;
}

export const rig = (id: string): Rig => ({
  id,
  rev: 1,
  name: id,
  gitUrl: 'https://git.example/repository',
  defaultBranch: 'main',
  config: {},
  createdAt: NOW,
  updatedAt: NOW,
});

export const bead = (id: string, over: Partial<Bead> = {}): Bead => ({
  id,
  rev: 1,
  type: 'issue',
  rigId: 'rig-1',
  title: `Bead ${id}`,
  hasBody: false,
  status: 'open',
  statusSince: NOW,
  priority: 'medium',
  labels: [],
  isHeld: false,
  dependsOn: [],
  attempt: 0,
  doneRefusals: 0,
  usage: noUsage,
  createdBy: 'somebody',
  createdAt: NOW,
  updatedAt: NOW,
  ...over,
});

export const convoy = (id: string, beadIds: readonly string[]): Convoy => ({
  id,
  rev: 1,
  rigId: 'rig-1',
  title: `Convoy ${id}`,
  mode: 'review-then-land',
  state: 'staged',
  stateSince: NOW,
  featureBranch: `convoy/${id}/head`,
  beads: beadIds.map((beadId) => ({ id: beadId, outcome: 'open' })),
  landingAttempts: 0,
  createdBy: 'somebody',
  createdAt: NOW,
  updatedAt: NOW,
});

/** A session at a bead, of half a second; without a bead it is a review. */
export const attempt = (
  beadId: string | undefined,
  session: number,
  over: Partial<AttemptEntry> = {},
): AttemptEntry => ({
  kind: 'attempt',
  subject: beadId === undefined ? { kind: 'mergeRequest', id: 'm1' } : { kind: 'bead', id: beadId },
  ...(beadId === undefined ? {} : { beadId, branch: `gt/${beadId}` }),
  rigId: 'rig-1',
  agentId: 'x',
  agentName: 'Toast',
  role: 'polecat',
  session,
  attempt: session,
  epoch: 1,
  startedAt: NOW + session * 1000,
  endedAt: NOW + session * 1000 + 500,
  outcome: 'done',
  reason: 'verified',
  usage: { ...noUsage, inputTokens: session },
  ...over,
});

export const statement = (id: string, beadId = 'bead-1'): InboxItem => ({
  id,
  at: NOW + 5,
  statement: { type: 'bead_started', beadId, by: 'somebody' },
});

/** What a step decided, by hand: nothing, but for what is said. */
export const outcome = (over: Partial<Outcome> = {}): Outcome => ({
  changes: [],
  history: [],
  container: undefined,
  suspendedRules: undefined,
  head: {},
  takenInbox: [],
  outbox: { put: [], delete: [] },
  send: [],
  isPoke: false,
  decisions: [],
  waits: [],
  dueAt: undefined,
  facts: { applied: [], stale: [], quarantined: [] },
  leftOver: [],
  violations: [],
  seed: 'seed',
  ...over,
});

/** The outcome of what `act` does to a draft of the town. */
export function drafted(
  town: Town,
  now: Instant,
  act: (draft: Draft) => void,
  over: Partial<Outcome> = {},
): Outcome {
  const draft = new Draft(town, now);
  act(draft);
  return outcome({
    changes: draft.changes(),
    container: draft.container === town.container ? undefined : draft.container,
    takenInbox: [...draft.takenInbox],
    outbox: {
      put: [...draft.outbox.values()].filter((row) => town.outbox.get(row.key) !== row),
      delete: [...town.outbox.keys()].filter((key) => !draft.outbox.has(key)),
    },
    ...over,
  });
}

/** Reads, decides by hand, commits. */
export async function act(
  store: TownStore,
  townId: string,
  now: Instant,
  doing: (draft: Draft) => void,
  over: Partial<Outcome> = {},
): Promise<void> {
  const town = await liveTown(store, townId);
  await store.commit(town, drafted(town, now, doing, over), now);
}

/** One step of the real thing. */
export async function step(
  store: TownStore,
  townId: string,
  now: Instant,
  facts: readonly MessageFact[] = [],
): Promise<Outcome> {
  const town = await liveTown(store, townId);
  const decided = reconcile(town, facts, now, createIds(unique('seed'), now));
  await store.commit(town, decided, now);
  return decided;
}
