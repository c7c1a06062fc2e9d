/** How ECS finds the tasks of an epoch again, and how a task says whose it is; ECS takes at most 128 characters. */
export const startedBy = (townId: string, epoch: number): string => `${townId}/${epoch}`;

/** The town and the epoch that a task was started for; undefined for one that no worker has started. */
export function ownerOf(
  text: string | undefined,
): { readonly townId: string; readonly epoch: number } | undefined {
  const [, townId, epoch] = /^([\da-f-]{36})\/([1-9]\d{0,14})$/.exec(text ?? '') ?? [];
  return townId === undefined ? undefined : { townId, epoch: Number(epoch) };
}
