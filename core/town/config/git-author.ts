import type { TownConfig } from './town.ts';

/** Who people want to have written the agents' commits; what is absent is the agent's own. */
export interface GitAuthor {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** Whether the commits name the agent as co-author. */
  readonly hasCoauthor: boolean;
}

/** Undefined: agents commit as themselves. */
export function gitAuthorOf({ gitAuthorName: name, gitAuthorEmail: email, disableAiCoauthor }: TownConfig) {
  if (name === undefined && email === undefined) return undefined;
  return { name, email, hasCoauthor: disableAiCoauthor !== true } satisfies GitAuthor;
}
