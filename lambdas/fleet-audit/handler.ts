import type { Fleet, FleetTask, Now, Telemetry, TownQueue, TownStore } from '../../core/ports.ts';
import type { Container } from '../../core/town/container.ts';
import type { AuditCursor } from '../adapters/dynamodb/audit-cursor.ts';
import { tellStopped } from '../tell-stopped.ts';

export interface FleetAuditDeps {
  readonly fleet: Fleet;
  readonly store: Pick<TownStore, 'container'>;
  readonly towns: TownQueue;
  readonly cursor: AuditCursor;
  readonly telemetry: Telemetry;
  readonly now: Now;
  /** No page is begun after so many milliseconds; the next audit goes on there. */
  readonly limitMs: number;
}

export interface AuditResult {
  readonly seen: number;
  /** Tasks that no town wants, and that were stopped. */
  readonly stopped: number;
  /** Towns that were told of a task that they believe in and that is gone. */
  readonly told: number;
}

/** Compares the tasks that there are with what the towns think of them. What it misses, the towns find by their own deadlines. */
export function createFleetAudit(deps: FleetAuditDeps) {
  const { fleet, cursor, telemetry, now } = deps;
  return async (): Promise<AuditResult> => {
    const startedAt = now();
    const result = { seen: 0, stopped: 0, told: 0 };
    const before = await cursor.read();
    let after = before;
    do {
      const { tasks, next } = await fleet.page(after);
      const outcomes = await Promise.all(tasks.map((task) => look(deps, task)));
      result.seen += tasks.length;
      for (const outcome of outcomes) if (outcome !== undefined) result[outcome] += 1;
      after = next;
    } while (after !== undefined && now() - startedAt < deps.limitMs);
    if (after !== before) await cursor.write(after);
    for (const [what, count] of Object.entries(result)) telemetry.count(`fleet_audit.${what}`, count);
    return result;
  };
}

async function look(
  { fleet, store, towns, telemetry }: FleetAuditDeps,
  task: FleetTask,
): Promise<'stopped' | 'told' | undefined> {
  const { townId, epoch, taskArn, stopped } = task;
  // Read after the list: a task that is not wanted now was not started for an epoch that is still to come.
  const container = (await store.container(townId))?.container;
  const why = notWanted(container, epoch);
  if (stopped === undefined && why !== undefined) {
    telemetry.log('warn', 'task stopped', { townId, epoch, taskArn, why });
    await fleet.stop(taskArn, `Gastown: ${why}`);
    return 'stopped';
  }
  if (stopped !== undefined && why === undefined) {
    telemetry.log('warn', 'town told of a stopped task', { townId, epoch, taskArn });
    await tellStopped(towns, task, stopped);
    return 'told';
  }
  return undefined;
}

/** Why a town does not want the task of an epoch; undefined when it does. */
function notWanted(container: Container | undefined, epoch: number): string | undefined {
  if (container === undefined) return 'its town is gone';
  if (container.epoch !== epoch) return `epoch ${epoch} is over, the town is at ${container.epoch}`;
  return container.state === 'absent' ? `epoch ${epoch} is over, the town has no container` : undefined;
}
