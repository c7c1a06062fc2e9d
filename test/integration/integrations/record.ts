import { integrationIdOf, type Integration } from '../../../core/integration.ts';

/** An installation of the app at `acme`, claimed by somebody. */
export const integrationRecord = (
  installationId: number,
  ownerId: string,
  over: Partial<Integration> = {},
): Integration => ({
  id: integrationIdOf(installationId),
  provider: 'github',
  ownerId,
  installationId,
  account: { login: 'acme', type: 'Organization' },
  selection: 'all',
  state: 'active',
  createdBy: ownerId,
  createdAt: 1,
  updatedAt: 1,
  ...over,
});
