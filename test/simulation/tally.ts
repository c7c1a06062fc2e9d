import { ALL_RULES } from '../../core/rules/all.ts';
import { inboxStatement } from '../../core/facts/inbox.ts';
import { messageFact } from '../../core/facts/message.ts';
import { EFFORT_PER_BEAD } from './checks/end-state.ts';
import { FAULT_NAMES, FAULTS } from './faults/all.ts';
import type { Result } from './simulate.ts';

/** What many simulations came to. Plain data: it goes from one thread to another. */
export interface Tally {
  seeds: number;
  virtualMs: number;
  commits: number;
  readonly faults: Record<string, number>;
  readonly seen: Record<string, true>;
  readonly mostLoad: { read: number; write: number };
  readonly mostPerBead: { runs: number; messages: number; turns: number };
}

export const newTally = (): Tally => ({
  seeds: 0,
  virtualMs: 0,
  commits: 0,
  faults: {},
  seen: {},
  mostLoad: { read: 0, write: 0 },
  mostPerBead: { runs: 0, messages: 0, turns: 0 },
});

const EFFORTS = ['runs', 'messages', 'turns'] as const;

export function count(tally: Tally, result: Result): void {
  tally.seeds += 1;
  tally.virtualMs += result.virtualMs;
  tally.commits += result.commits;
  for (const [name, times] of result.faults) tally.faults[name] = (tally.faults[name] ?? 0) + times;
  for (const what of result.seen) tally.seen[what] = true;
  const { mostLoad, mostPerBead } = tally;
  mostLoad.read = Math.max(mostLoad.read, result.mostLoad.read);
  mostLoad.write = Math.max(mostLoad.write, result.mostLoad.write);
  for (const name of EFFORTS)
    mostPerBead[name] = Math.max(mostPerBead[name], result.effort[name] / Math.max(1, result.beads));
}

export function add(tally: Tally, other: Tally): void {
  tally.seeds += other.seeds;
  tally.virtualMs += other.virtualMs;
  tally.commits += other.commits;
  for (const [name, times] of Object.entries(other.faults))
    tally.faults[name] = (tally.faults[name] ?? 0) + times;
  Object.assign(tally.seen, other.seen);
  for (const name of ['read', 'write'] as const)
    tally.mostLoad[name] = Math.max(tally.mostLoad[name], other.mostLoad[name]);
  for (const name of EFFORTS)
    tally.mostPerBead[name] = Math.max(tally.mostPerBead[name], other.mostPerBead[name]);
}

/** Facts that no simulation states: nobody asks for files in one. */
const NEVER = new Set(['export_requested']);

const ALL_FACTS = [...inboxStatement.options, ...messageFact.options]
  .map(({ shape }) => shape.type.value)
  .filter((type) => !NEVER.has(type));

/** Rules and facts of which nothing was seen. */
export const unseen = ({ seen }: Tally): string[] =>
  [...ALL_RULES.map(({ name }) => `rule ${name}`), ...ALL_FACTS.map((type) => `fact ${type}`)].filter(
    (what) => !(what in seen) && !QUIET_RULES.has(what),
  );

/** Rules that only say what something waits for, or write down what follows from the records: they decide nothing. */
const QUIET_RULES = new Set(['rule escalation/open', 'rule mail/expired', 'rule container/desired-state']);

/** @param wallMs real time that it took */
export function report(tally: Tally, wallMs: number): string {
  const { seeds, virtualMs, commits, faults, seen, mostLoad, mostPerBead } = tally;
  const states = Object.keys(seen).filter((what) => !/^(rule|fact) /.test(what));
  const missing = unseen(tally);
  const round = (n: number): number => Math.round(n * 10) / 10;
  return [
    `${seeds} seeds, ${commits} commits, ${Math.round(virtualMs / 3_600_000)} hours of towns: ${Math.round(virtualMs / wallMs)} times real time, ${Math.round((seeds / wallMs) * 600_000)} seeds in ten minutes`,
    `faults: ${FAULT_NAMES.map((name) => `${name} (${FAULTS[name].of.join(', ')}) ${faults[name] ?? 0}`).join('; ')}`,
    `states: ${states.sort().join(', ')}`,
    missing.length === 0
      ? 'every rule has decided and every fact was stated'
      : `never seen: ${missing.join(', ')}`,
    `most for each bead: ${EFFORTS.map((name) => `${round(mostPerBead[name])} ${name} (of ${EFFORT_PER_BEAD[name]})`).join(', ')}`,
    `busiest second of a partition: ${mostLoad.read} read units (of 3000), ${mostLoad.write} write units (of 1000)`,
  ].join('\n');
}
