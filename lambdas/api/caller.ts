import type { Head } from '../../core/town/head.ts';

/** Who asks: a user with the organisations of the token, or the mayor of one town. */
export interface Caller {
  readonly id: string;
  readonly orgIds: readonly string[];
  /** Set for the mayor: the only town it may touch. */
  readonly townId?: string;
}

/** What records and the log call the mayor when it acts for somebody. */
export const MAYOR_ID = 'mayor';

export const mayorOf = (townId: string): Caller => ({ id: MAYOR_ID, orgIds: [], townId });

/** One's own towns, those of one's organisations, and for the mayor its own. */
export const mayTouch = ({ id, orgIds, townId }: Caller, head: Head): boolean =>
  townId === undefined
    ? head.ownerId === id || (head.orgId !== undefined && orgIds.includes(head.orgId))
    : head.id === townId;
