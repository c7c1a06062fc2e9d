import * as z from 'zod';
import type { Head } from './town/head.ts';
import { ownersOf } from './town/owners.ts';

/**
 * An installation of the GitHub App that a user or an organisation of ours has claimed: what gives tokens for the repositories that it
 * covers. It belongs to no town; a rig or a town names it.
 */
export const integrationSchema = z.object({
  /** `github-<installation id>`. */
  id: z.string(),
  provider: z.literal('github'),
  /** Whose it is: a user's id, or `org/<name>`. */
  ownerId: z.string(),
  installationId: z.number().int().positive(),
  /** Where the app is installed. */
  account: z.object({ login: z.string(), type: z.string() }),
  /** Which of the account's repositories it covers. */
  selection: z.enum(['all', 'selected']),
  state: z.enum(['active', 'suspended', 'deleted']),
  /** The user who installed it. */
  createdBy: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Integration = z.infer<typeof integrationSchema>;

export const integrationIdOf = (installationId: number): string => `github-${installationId}`;

/** Only a town of the same owner gets tokens from it: to know its id is not enough. */
export const mayUse = (
  town: Pick<Head, 'ownerId' | 'orgId'>,
  { ownerId }: Pick<Integration, 'ownerId'>,
): boolean => ownersOf(town).includes(ownerId);
