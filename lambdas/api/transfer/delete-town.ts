import { MESSAGE_VERSION } from '../../../core/facts/message.ts';
import type { Head } from '../../../core/town/head.ts';
import type { RouteContext } from '../../http/route.ts';
import { headOf, withTown } from '../access.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../context.ts';

/**
 * The town is being deleted from here on, whatever happens: its rules stop the container, then ask for the rest. Asking
 * again changes nothing.
 */
export async function deleteTown(
  { store, towns }: Pick<ApiDeps, 'store' | 'towns'>,
  caller: Caller,
  townId: string,
  { at }: Pick<RouteContext, 'at'>,
): Promise<Head> {
  const known = await headOf(store, caller, townId);
  const head =
    known.lifecycle === 'deleting'
      ? known
      : await withTown(store, caller, townId, async (town) => {
          const lifecycle = 'deleting';
          const { lifecycle: from } = town.head;
          await store.edit(
            town,
            {
              rule: 'api/delete',
              subject: { kind: 'town', id: townId },
              from,
              to: lifecycle,
              reason: `deleted by ${caller.id}`,
              by: caller.id,
              lifecycle,
            },
            at,
          );
          return {
            ...town.head,
            lifecycle,
            lifecycleSince: at,
            lifecycleBy: caller.id,
            updatedAt: at,
          } as const;
        });
  await towns.send({ v: MESSAGE_VERSION, townId });
  return head;
}
