import type { Integration } from '../../../core/integration.ts';

/** Nobody has installed the GitHub App. */
export const noIntegrations = {
  integration: (): Promise<Integration | undefined> => Promise.resolve(undefined),
};
