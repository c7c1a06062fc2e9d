import { isAncestor } from '../git/repository.ts';
import { mergedTree } from '../git/merge.ts';
import { isOpen, type Mergeability, type PullRequest } from '../state/pull-request.ts';
import type { World } from '../world.ts';

/** Something moved: nothing is known for a while. What was computed names its heads, and is void by itself. */
export function forgetMergeability(world: World, pull: PullRequest): void {
  pull.unknownUntil = world.now() + world.settings.mergeabilityUnknownMs;
}

/** What git says about the heads of now. */
export async function computeMergeability(pull: PullRequest): Promise<Mergeability | undefined> {
  const { repository, headSha: head } = pull;
  const base = repository.branches.get(pull.base);
  if (base === undefined) return undefined;
  if (pull.computed?.base === base && pull.computed.head === head) return pull.computed;
  const isClean = (await mergedTree(repository.directory, base, head)) !== undefined;
  const isBehind = !(await isAncestor(repository.directory, base, head));
  pull.computed = { base, head, isClean, isBehind };
  return pull.computed;
}

/** What the forge tells about it: undefined while it is still computing, and for what is open no more. */
export async function knownMergeability(world: World, pull: PullRequest): Promise<Mergeability | undefined> {
  if (!isOpen(pull) || world.now() < pull.unknownUntil) return undefined;
  return computeMergeability(pull);
}
