import type { Head } from './head.ts';

/** An organisation's name is not a user's id, whatever it looks like. */
const ORG = 'org/';
export const orgOwner = (orgId: string): string => ORG + orgId;
export const isOrgOwner = (ownerId: string): boolean => ownerId.startsWith(ORG);
/** Undefined for a user. */
export const orgOfOwner = (ownerId: string): string | undefined =>
  isOrgOwner(ownerId) ? ownerId.slice(ORG.length) : undefined;

/** Whose a town is: its user's, and its organisation's. */
export const ownersOf = ({ ownerId, orgId }: Pick<Head, 'ownerId' | 'orgId'>): string[] =>
  orgId === undefined ? [ownerId] : [ownerId, orgOwner(orgId)];
