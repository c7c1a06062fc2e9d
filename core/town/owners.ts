import type { Head } from './head.ts';

/** An organisation's name is not a user's id, whatever it looks like. */
export const orgOwner = (orgId: string): string => `org/${orgId}`;

/** Whose a town is: its user's, and its organisation's. */
export const ownersOf = ({ ownerId, orgId }: Pick<Head, 'ownerId' | 'orgId'>): string[] =>
  orgId === undefined ? [ownerId] : [ownerId, orgOwner(orgId)];
