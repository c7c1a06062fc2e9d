import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { effectMessage } from '../../core/effects.ts';
import type { ContainerSocket } from '../../core/ports.ts';
import type { Watchers } from '../adapters/socket/watchers.ts';
import { isNewer, parseJson } from '../message-body.ts';
import { importTown } from './import-town.ts';
import { runEffect, transferOf, type EffectDeps } from './run-effect.ts';

type WorkerDeps = EffectDeps & { readonly socket: ContainerSocket; readonly watchers: Watchers };

/** Takes the effects queue. A record that fails by surprise is delivered again; a bad one is logged and dropped. */
export function createWorkerHandler(deps: WorkerDeps) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const outcomes = await Promise.allSettled(event.Records.map((record) => take(deps, record.body)));
    const failures = event.Records.filter((_, index) => outcomes[index]?.status === 'rejected');
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        deps.telemetry.log('error', 'effect failed', { error: String(outcome.reason) });
    }
    return { batchItemFailures: failures.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

async function take(deps: WorkerDeps, body: string): Promise<void> {
  const value = parseJson(body);
  if (isNewer(value)) throw new Error('written by a newer version of this code');
  const parsed = effectMessage.safeParse(value);
  if (!parsed.success) {
    deps.telemetry.log('error', 'effect message not understood', { error: parsed.error.message });
    return;
  }
  const message = parsed.data;
  switch (message.type) {
    case 'effect':
      return runEffect(deps, message.townId, message.key);
    case 'poke':
      return deps.socket.syncNow(message.townId, message.epoch);
    case 'changed': {
      const { townId, version, subjects } = message;
      return deps.watchers.publish(townId, 'town', undefined, {
        type: 'changed',
        data: { version, subjects },
      });
    }
    case 'import':
      return importTown(transferOf(deps), message.ownerId, message.importId);
  }
}
