import { claimMs, NO_CAPACITY, type Effect } from '../../core/effects.ts';
import { NoCapacity, TownError, Unavailable } from '../../core/errors.ts';
import { MESSAGE_VERSION, type MessageFact } from '../../core/facts/message.ts';
import type { Now, Tasks, Telemetry, TownQueue, TownStore } from '../../core/ports.ts';
import { effectiveTownSettings } from '../../core/town/config.ts';
import { askForge, type ForgeAccess } from './ask-forge.ts';
import { exportTown } from './export-town.ts';
import { purgeTown } from './purge-town.ts';
import type { TransferDeps } from './transfer.ts';

export interface EffectDeps {
  readonly store: Pick<
    TownStore,
    'outboxRow' | 'claimOutbox' | 'releaseOutbox' | 'container' | 'record' | 'head' | 'config'
  >;
  readonly towns: TownQueue;
  readonly tasks: Tasks;
  /** Absent: this worker moves no towns; such effects wait for one that does. */
  readonly transfer?: TransferDeps | undefined;
  /** Absent: this worker knows no forge; such effects wait for one that does. */
  readonly forges?: ForgeAccess | undefined;
  readonly telemetry: Telemetry;
  readonly now: Now;
}

type EffectResult = Extract<MessageFact, { type: 'effect_result' }>['result'];

/**
 * Does the effect of an outbox row: strongly read, fenced and claimed first; no row, a superseded epoch or somebody
 * else's claim means that there is nothing to do. The answer goes back as a fact.
 */
export async function runEffect(deps: EffectDeps, townId: string, key: string): Promise<void> {
  const { store, towns, telemetry, now } = deps;
  const row = await store.outboxRow(townId, key);
  if (row === undefined) return;
  const { effect } = row;
  const isSuperseded = 'epoch' in effect && (await store.container(townId))?.container.epoch !== effect.epoch;
  const claimedUntil = now() + claimMs(effect);
  if (isSuperseded || !(await store.claimOutbox(townId, key, now(), claimedUntil))) {
    telemetry.log('info', 'effect dropped', { townId, key, isSuperseded });
    return;
  }
  const result = await act(deps, townId, effect);
  telemetry.count(`effect.${effect.type}.${result.ok ? 'ok' : 'failed'}`, 1);
  if (!result.ok) {
    telemetry.log('warn', 'effect failed', { townId, key, code: result.code, error: result.message });
    await store.releaseOutbox(townId, key, claimedUntil);
  }
  await towns.send({
    v: MESSAGE_VERSION,
    townId,
    fact: { type: 'effect_result', key, attempt: row.attempt, result },
  });
}

async function act(deps: EffectDeps, townId: string, effect: Effect): Promise<EffectResult> {
  const { tasks, now } = deps;
  try {
    switch (effect.type) {
      case 'run_task': {
        const config = await deps.store.config(townId);
        const { memoryGiB } = effectiveTownSettings(config ?? { rev: 0 }).container;
        const { taskArn } = await tasks.run({ townId, epoch: effect.epoch, memoryGiB });
        return { ok: true, taskArn };
      }
      case 'stop_task': {
        const { epoch, taskArn, reason } = effect;
        const stop = await tasks.stop({ townId, epoch, taskArn, reason });
        if (stop.state === 'stopped') return { ok: true };
        if (stop.state === 'absent' && now() >= effect.absenceProvenAt) return { ok: true };
        const message = stop.state === 'stopping' ? 'the task is stopping' : 'a start may still be under way';
        return { ok: false, code: 'not_stopped_yet', message, retry: 'backoff' };
      }
      case 'export_town':
        await exportTown(transferOf(deps), townId, effect.exportId);
        return { ok: true };
      case 'purge_town':
        await purgeTown(transferOf(deps), townId);
        return { ok: true };
      case 'open_pull_request':
      case 'observe_pull_requests':
      case 'merge_pull_request': {
        const { forges } = deps;
        if (forges === undefined) throw new Unavailable('This worker knows no forge.');
        return await askForge({ ...deps, forges }, townId, effect);
      }
    }
  } catch (error) {
    const message = error instanceof TownError ? error.userMessage : String(error);
    const retry = error instanceof TownError ? error.retry : 'backoff';
    return {
      ok: false,
      code: codeOf(error),
      message: message.slice(0, 500),
      retry,
    };
  }
}

function codeOf(error: unknown): string {
  if (error instanceof NoCapacity) return NO_CAPACITY;
  return error instanceof Error ? error.name : 'unknown';
}

export function transferOf({ transfer }: Pick<EffectDeps, 'transfer'>): TransferDeps {
  if (transfer === undefined) throw new Unavailable('This worker has no store of files.');
  return transfer;
}
