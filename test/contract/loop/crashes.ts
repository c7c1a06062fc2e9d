import { expect, it } from 'vitest';
import * as z from 'zod';
import type { StoreSubject } from '../store/subject.ts';
import type { Call, Fault } from './port-calls.ts';
import { tell, type GetSubject } from './story.ts';
import type { TownSettings } from './world.ts';

const MODES: readonly Fault[] = ['refused', 'ambiguous', 'killed'];

/** Calls between two crashes of one run. */
const SPACING = 10;
const AT_ONCE = 4;
const PROGRESS_EVERY = 25;

export interface CrashOptions {
  /** One crash a run: slower, and it says which place is to blame. @default several, so that it also crashes while it recovers */
  readonly isEachAlone?: boolean;
  /** Of the town. @default a plain one */
  readonly settings?: TownSettings;
}

/**
 * Every single call of an undisturbed run goes wrong once in each way. A run crashes at the first place that no run has
 * crashed at before, and at more of them later on, so it also crashes while it recovers.
 */
export function crashContract(
  getSubject: GetSubject,
  { isEachAlone = false, settings = {} }: CrashOptions = {},
): void {
  const spacing = isEachAlone ? Number.POSITIVE_INFINITY : SPACING;
  it('recovers from a crash at every call: before it, after it with an error, or killed there', async () => {
    const subject = getSubject();
    const places = new Set<string>();
    const placeOf = placer();
    const look = {
      fault(call: Call) {
        places.add(placeOf(call));
        return undefined;
      },
    };
    await tell(subject, look, {}, settings);
    const failed: string[] = [];
    const total = { runs: 0, crashes: 0 };
    for (const mode of MODES) {
      const open = new Set(places);
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let run = 1; run <= places.size && open.size > 0; run += 1) {
            const crashed: string[] = [];
            await crash(subject, { mode, open, crashed, spacing, settings }).catch((error: unknown) => {
              failed.push(`${mode} at ${crashed.join(', ')}: ${String(error)}`);
            });
            total.runs += 1;
            total.crashes += crashed.length;
            if (total.runs % PROGRESS_EVERY === 0) console.log(mode, { ...total, placesLeft: open.size });
          }
        }),
      );
      expect([...open]).toEqual([]);
    }
    console.log('crashes', { places: places.size, modes: MODES.length, ...total });
    expect(failed).toEqual([]);
  }, 1_800_000);
}

interface Crash {
  readonly mode: Fault;
  /** Places that no run has crashed at. */
  readonly open: Set<string>;
  /** Where this one did. */
  readonly crashed: string[];
  readonly spacing: number;
  readonly settings: TownSettings;
}

async function crash(
  subject: StoreSubject,
  { mode, open, crashed, spacing, settings }: Crash,
): Promise<void> {
  const placeOf = placer();
  let next = 0;
  const fault = (call: Call): Fault | undefined => {
    const place = placeOf(call);
    if (call.number < next || !open.delete(place)) return undefined;
    next = call.number + spacing;
    crashed.push(place);
    return mode;
  };
  await tell(subject, { fault }, {}, settings);
}

const committed = z.object({ decisions: z.array(z.object({ rule: z.string(), to: z.string().optional() })) });

/**
 * Names a call by what was last decided, who calls what, and how often since then: the same in every run, up to the first
 * crash and mostly after it. The sweeper's looks at its shards are one place.
 */
function placer(): (call: Call) => string {
  const seen = new Map<string, number>();
  const nth = (key: string): string => {
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return `${key} #${count}`;
  };
  let phase = 'begin';
  return ({ by, name, args }) => {
    if (name === 'store.commit') {
      const { decisions } = committed.parse(args[1]);
      phase = nth(decisions.map(({ rule, to }) => `${rule} ${to ?? ''}`.trim()).join('+'));
    }
    const place = `[${phase}] ${by} ${name}`;
    return name === 'store.dueTowns' ? place : nth(place);
  };
}
