import type { Instant } from './town/instant.ts';
import type { AttemptEntry, RunEntry } from './town/history.ts';
import { addUsage, noUsage, type Spent } from './town/usage.ts';

export const COST_GROUPS = ['bead', 'convoy', 'agent'] as const;
export type CostGroup = (typeof COST_GROUPS)[number];

/** A session, over or still at work: what costs need of an attempt. */
export type CostedSession = Pick<
  AttemptEntry,
  'beadId' | 'convoyId' | 'agentId' | 'epoch' | 'startedAt' | 'endedAt' | 'usage'
>;
/** A task of the container; one that still runs ends now. */
export type CostedRun = Pick<RunEntry, 'epoch' | 'startedAt' | 'stoppedAt'>;

/** Tokens, US dollars and minutes, as sessions and tasks reported them. */
export interface Cost extends Spent {
  readonly sessions: number;
  readonly agentMinutes: number;
  readonly containerMinutes: number;
}

export interface CostReport {
  readonly rows: readonly (Cost & { readonly id: string })[];
  /** Sessions that were for none of the group: the mayor's, and by bead the landing reviews of convoys. */
  readonly other: Cost;
  /** Minutes of the container in which no session ran. */
  readonly unattributedContainerMinutes: number;
  readonly total: Cost;
}

const NOTHING: Cost = { ...noUsage, sessions: 0, agentMinutes: 0, containerMinutes: 0 };

const add = (a: Cost, b: Cost): Cost => ({
  ...addUsage(a, b),
  sessions: a.sessions + b.sessions,
  agentMinutes: a.agentMinutes + b.agentMinutes,
  containerMinutes: a.containerMinutes + b.containerMinutes,
});

const idOf = ({ beadId, convoyId, agentId }: CostedSession, by: CostGroup): string | undefined =>
  ({ bead: beadId, convoy: convoyId, agent: agentId })[by];

/**
 * Who cost what. A minute of the container is shared evenly by the sessions that ran in it. Tokens count where their session
 * ended, since nobody knows when in it they were used; minutes count inside of the window only.
 * @param window `from` is part of it, `to` is not
 */
export function costsBy(
  by: CostGroup,
  sessions: readonly CostedSession[],
  runs: readonly CostedRun[],
  window: { readonly from: Instant; readonly to: Instant },
): CostReport {
  const shares = new Map<CostedSession, number>();
  let unattributed = 0;
  for (const run of runs) {
    const inRun = sessions.filter(({ epoch }) => epoch === run.epoch);
    unattributed += share(clipped(run.startedAt, run.stoppedAt, window), inRun, shares);
  }
  const rows = new Map<string, Cost>();
  let other = NOTHING;
  for (const session of sessions) {
    const cost = costOf(session, shares.get(session) ?? 0, window);
    if (cost === undefined) continue;
    const id = idOf(session, by);
    if (id === undefined) other = add(other, cost);
    else rows.set(id, add(rows.get(id) ?? NOTHING, cost));
  }
  const sum = [...rows.values(), other].reduce(add, NOTHING);
  return {
    rows: [...rows].map(([id, cost]) => ({ id, ...cost })).sort((a, b) => (a.id < b.id ? -1 : 1)),
    other,
    unattributedContainerMinutes: unattributed,
    total: { ...sum, containerMinutes: sum.containerMinutes + unattributed },
  };
}

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

const clipped = (from: Instant, to: Instant, window: Span): Span => ({
  from: Math.max(from, window.from),
  to: Math.min(to, window.to),
});
const minutesIn = ({ from, to }: Span): number => Math.max(0, to - from) / 60_000;

/** Undefined: nothing of it is in the window. */
function costOf(session: CostedSession, containerMinutes: number, window: Span): Cost | undefined {
  const { startedAt, endedAt, usage } = session;
  const agentMinutes = minutesIn(clipped(startedAt, endedAt, window));
  const hasEnded = endedAt >= window.from && endedAt < window.to;
  if (!hasEnded && agentMinutes === 0) return undefined;
  return { ...(hasEnded ? usage : noUsage), sessions: 1, agentMinutes, containerMinutes };
}

/**
 * Gives each stretch between two beginnings or ends to the sessions that run in it.
 * @returns minutes in which none ran
 */
function share(run: Span, sessions: readonly CostedSession[], shares: Map<CostedSession, number>): number {
  if (minutesIn(run) === 0) return 0;
  const starts = sessions
    .map((session) => ({ session, ...clipped(session.startedAt, session.endedAt, run) }))
    .filter(({ from, to }) => from < to);
  const moments = [
    ...starts.map(({ session, from }) => ({ at: from, session, isStart: true })),
    ...starts.map(({ session, to }) => ({ at: to, session, isStart: false })),
  ].sort((a, b) => a.at - b.at);
  const active = new Set<CostedSession>();
  let unattributed = 0;
  let last = run.from;
  for (const { at, session, isStart } of [...moments, { at: run.to, session: undefined, isStart: false }]) {
    const minutes = (at - last) / 60_000;
    if (active.size === 0) unattributed += minutes;
    for (const one of active) shares.set(one, (shares.get(one) ?? 0) + minutes / active.size);
    if (session !== undefined && isStart) active.add(session);
    if (session !== undefined && !isStart) active.delete(session);
    last = at;
  }
  return unattributed;
}
