import type { Bead } from '../../../../core/town/bead.ts';
import type { Convoy } from '../../../../core/town/convoy.ts';
import type { Town } from '../../../../core/town/town.ts';

/** What stands in the way of an open bead, the first of it; or that it fails, or starts. */
export type Verdict = 'start' | 'dependencies' | 'fails' | 'container' | 'cooldown' | 'capacity' | 'starts';

const MINUTE = 60_000;
const MAX_ATTEMPTS = 5;
const MAX_LANDINGS = 5;
/** The pause after so many attempts; after more, ten minutes. */
const PAUSES = [0.5, 0.5, 1, 2, 5].map((n) => n * MINUTE);
const MORE_URGENT_FIRST = ['critical', 'high', 'medium', 'low'];

/** Every bead that is open, and what becomes of it, in the order in which they are looked at. */
export function dispatches(town: Town, now: number): [string, Verdict][] {
  const open = [...town.live.bead.values()].filter(({ status }) => status === 'open');
  open.sort((a, b) => urgency(a) - urgency(b) || a.id.localeCompare(b.id));
  const places = placesOf(town);
  const placesInRig = new Map<string, number>();
  for (const { rigId } of open) placesInRig.set(rigId, placesInRigOf(town, rigId));
  let taken = 0;
  return open.map((bead) => {
    const obstacle = obstacleOf(town, bead, now);
    if (obstacle !== undefined) return [bead.id, obstacle];
    const inRig = placesInRig.get(bead.rigId) ?? 0;
    if (taken >= places || inRig <= 0) return [bead.id, 'capacity'];
    taken += 1;
    placesInRig.set(bead.rigId, inRig - 1);
    return [bead.id, 'starts'];
  });
}

const urgency = ({ priority }: Bead): number => MORE_URGENT_FIRST.indexOf(priority);

function obstacleOf(town: Town, bead: Bead, now: number): Verdict | undefined {
  const convoy = bead.convoyId === undefined ? undefined : town.live.convoy.get(bead.convoyId);
  if (bead.isHeld || convoy?.state === 'staged') return 'start';
  if (bead.dependsOn.some(({ id, outcome }) => !isMerged(town, id, outcome))) return 'dependencies';
  if (bead.attempt >= MAX_ATTEMPTS) return 'fails';
  if (isGoing(town)) return 'container';
  const pause = PAUSES[bead.attempt] ?? 10 * MINUTE;
  if (bead.cooldownFrom !== undefined && now < bead.cooldownFrom + pause) return 'cooldown';
  return undefined;
}

/** What is merged is not live any more, and was closed. */
const isMerged = (town: Town, id: string, outcome: string): boolean =>
  !town.live.bead.has(id) && outcome === 'closed';

/** The container takes no more work: its task ends. */
function isGoing({ container, observed }: Town): boolean {
  if (container.state === 'stopping' || container.state === 'lost') return true;
  return container.state !== 'absent' && observed?.phase === 'drained' && observed.epoch === container.epoch;
}

/** Memory in GiB less two, one at least, twenty at most; every agent at work has one, but for the mayor. */
function placesOf({ config, live }: Town): number {
  const memory = config.container?.memoryGiB ?? 8;
  const atWork = [...live.agent.values()].filter((a) => a.status === 'working' && a.role !== 'mayor');
  return Math.max(1, Math.min(20, memory - 2)) - atWork.length;
}

function placesInRigOf({ live, config }: Town, rigId: string): number {
  const most = live.rig.get(rigId)?.config.maxConcurrentPolecats ?? config.maxPolecatsPerRig ?? 3;
  const atWork = [...live.agent.values()].filter((a) => a.status === 'working' && a.role === 'polecat');
  return most - atWork.filter((a) => a.rigId === rigId).length;
}

/** The state of a convoy that nobody is closing, after the town has looked at it. */
export function convoyStateOf(convoy: Convoy, now: number): Convoy['state'] {
  if (convoy.state === 'staged' || convoy.state === 'needs_attention') return convoy.state;
  if (convoy.beads.some(({ outcome }) => outcome === 'failed')) return 'needs_attention';
  if (convoy.beads.length === 0 || convoy.beads.some(({ outcome }) => outcome === 'open'))
    return convoy.state;
  if (convoy.mode === 'review-and-merge') return 'landed';
  if (convoy.landingMergeRequestId !== undefined) return convoy.state;
  if (convoy.landingAttempts >= MAX_LANDINGS) return 'needs_attention';
  const pause = Math.min(2 ** convoy.landingAttempts * 0.5, 30) * MINUTE;
  const { lastLandingFailedAt } = convoy;
  return lastLandingFailedAt !== undefined && now < lastLandingFailedAt + pause ? convoy.state : 'landing';
}

/** Work to be done: what each bead needs, and whose agents never manage. */
export interface Plan {
  readonly beads: readonly { id: string; needs: readonly string[]; isHopeless: boolean; isHeld: boolean }[];
  readonly convoy: 'none' | 'staged' | 'review-then-land' | 'review-and-merge';
}

/** How a plan ends when nobody does anything any more, as `ending` shows it. */
export function endingOf({ beads, convoy }: Plan): string[] {
  const statuses = new Map<string, 'open' | 'failed' | 'closed'>();
  // A bead needs only earlier ones, so one look at each is enough.
  for (const { id, needs, isHopeless, isHeld } of beads) {
    const waits = isHeld || convoy === 'staged' || needs.some((other) => statuses.get(other) !== 'closed');
    statuses.set(id, waits ? 'open' : isHopeless ? 'failed' : 'closed');
  }
  const lines = [...statuses].map(([id, status]) => `bead ${id} ${status}`);
  if (convoy !== 'none') lines.push(`convoy k ${convoyEnding(convoy, [...statuses.values()])}`);
  return lines.sort();
}

function convoyEnding(convoy: Plan['convoy'], statuses: readonly string[]): string {
  if (convoy === 'staged') return 'staged';
  if (statuses.includes('failed')) return 'needs_attention';
  return statuses.includes('open') ? 'active' : 'landed';
}
