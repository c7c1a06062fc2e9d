import type { JobResult, JobSpec } from '../../../core/protocol/job.ts';
import type { AgentSpec } from '../../../core/protocol/sync.ts';
import type { Ending } from '../../contract/loop/model-container.ts';
import type { Deed, ForgeFault } from '../../contract/loop/model-forge.ts';
import type { Call, Fault as CallFault } from '../../contract/loop/port-calls.ts';
import { Choices } from '../random.ts';
import type { PlannedFault, Story } from '../story/story.ts';
import type { TableCall, TableFault } from '../table/model-table.ts';
import { FAULTS, type FaultName } from './all.ts';
import type { Fault } from './fault.ts';

interface Active {
  readonly name: FaultName;
  readonly fault: Fault;
  readonly rate: number;
  /** Whether it happens, and how: two rows of numbers, so that one does not shift the other. */
  readonly lots: Choices;
  readonly choices: Choices;
}

const LATENCY_MS = 50;

/** Decides at every place where something can go wrong whether it does. Once it is calm, nothing does any more. */
export class Injector {
  isCalm = false;
  /** Faults that happened, by kind. */
  readonly counts = new Map<FaultName, number>();
  readonly #active: readonly Active[];
  readonly #elapsedMs: () => number;
  readonly #stormAtMs: number;

  constructor(
    { seed, faults, calmAtMs }: Pick<Story, 'seed' | 'faults' | 'calmAtMs'>,
    elapsedMs: () => number,
  ) {
    this.#elapsedMs = elapsedMs;
    this.#stormAtMs = new Choices(seed, 'storm').number() * calmAtMs;
    this.#active = faults.map(({ fault: name, rate }: PlannedFault) => ({
      name,
      fault: FAULTS[name],
      rate,
      lots: new Choices(seed, `${name} lots`),
      choices: new Choices(seed, `${name} choices`),
    }));
  }

  table(call: TableCall): TableFault | undefined {
    return this.#first(
      ({ fault, choices }) => fault.table?.(call, choices),
      ({ table }) => table !== undefined,
    );
  }

  call(call: Call): CallFault | undefined {
    return this.#first(
      ({ fault, choices }) => fault.call?.(call, choices),
      (fault) => fault.call !== undefined,
    );
  }

  delivery(): readonly number[] {
    return (
      this.#first(
        ({ fault, choices }) => fault.delivery?.(choices),
        ({ delivery }) => delivery !== undefined,
      ) ?? [LATENCY_MS]
    );
  }

  run(): 'refused' | 'answerLost' | 'late' | undefined {
    return this.#first(
      ({ fault, choices }) => fault.run?.(choices),
      ({ run }) => run !== undefined,
    );
  }

  /** Undefined: as usual. */
  startMs(): number | null | undefined {
    return this.#first(
      ({ fault, choices }) => fault.startMs?.(choices),
      ({ startMs }) => startMs !== undefined,
    );
  }

  ending(agent: AgentSpec): Ending | undefined {
    return this.#first(
      ({ fault, choices }) => fault.ending?.(agent, choices),
      ({ ending }) => ending !== undefined,
    );
  }

  neverStarts(): boolean {
    return (
      this.#first(
        ({ fault }) => fault.neverStarts,
        ({ neverStarts }) => neverStarts === true,
      ) ?? false
    );
  }

  job(job: JobSpec): JobResult | undefined {
    return this.#first(
      ({ fault, choices }) => fault.job?.(job, choices),
      (fault) => fault.job !== undefined,
    );
  }

  forge(call: 'open' | 'observe' | 'merge'): ForgeFault | undefined {
    return this.#first(
      ({ fault, choices }) => fault.forge?.(call, choices),
      ({ forge }) => forge !== undefined,
    );
  }

  deed(): Deed | undefined {
    return this.#first(
      ({ fault, choices }) => fault.deed?.(choices),
      ({ deed }) => deed !== undefined,
    );
  }

  poison(townId: string): string | undefined {
    return this.#first(
      ({ fault, choices }) => fault.poison?.(townId, choices),
      ({ poison }) => poison !== undefined,
    );
  }

  killsTask(): boolean {
    return (
      this.#first(
        ({ fault }) => fault.killsTask,
        ({ killsTask }) => killsTask === true,
      ) ?? false
    );
  }

  /** Fixed for a function while the faults last: clocks that are off stay off. */
  clockOffsetMs(by: string): number {
    return this.#amount(({ clockOffsetMs = 0 }) => clockOffsetMs, `clock of ${by}`);
  }

  indexDelayMs(): number {
    return this.#amount(({ indexDelayMs = 0 }) => indexDelayMs, undefined);
  }

  #amount(most: (fault: Fault) => number, fixedBy: string | undefined): number {
    if (this.isCalm) return 0;
    const active = this.#active.find(({ fault }) => most(fault) > 0);
    if (active === undefined) return 0;
    this.#count(active.name);
    const choices = fixedBy === undefined ? active.choices : new Choices(1, fixedBy);
    return Math.round(
      (fixedBy === undefined ? choices.number() : choices.number() * 2 - 1) * most(active.fault),
    );
  }

  #first<T>(happens: (active: Active) => T | undefined, isHere: (fault: Fault) => boolean): T | undefined {
    if (this.isCalm) return undefined;
    for (const active of this.#active) {
      if (!isHere(active.fault) || !active.lots.chance(this.#rateOf(active))) continue;
      const what = happens(active);
      if (what === undefined) continue;
      this.#count(active.name);
      return what;
    }
    return undefined;
  }

  /** A storm blows for a while, whatever its rate; everything else does so now and then. */
  #rateOf({ fault, rate }: Active): number {
    if (fault.stormMs === undefined) return rate;
    const sinceMs = this.#elapsedMs() - this.#stormAtMs;
    return sinceMs >= 0 && sinceMs < fault.stormMs ? 1 : 0;
  }

  #count(name: FaultName): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }
}
