import { NotFound } from '../../../core/errors.ts';
import type { Integration } from '../../../core/integration.ts';
import type { IntegrationStore } from '../../../core/ports.ts';
import { isOrgOwner, orgOwner } from '../../../core/town/owners.ts';
import type { Caller } from '../caller.ts';

/** Where integrations are looked up. */
export type FoundIntegrations = Pick<IntegrationStore, 'integration'>;

/** One's own, and those of one's organisations. Nobody is taken for an organisation, whatever they are called. */
export const isOf = ({ id, orgIds }: Caller, { ownerId }: Integration): boolean =>
  isOrgOwner(ownerId) ? orgIds.some((orgId) => orgOwner(orgId) === ownerId) : ownerId === id;

/** The integration, if the caller may see it; undefined for one that was uninstalled, too. */
export async function integrationOf(
  integrations: FoundIntegrations,
  caller: Caller,
  id: string,
): Promise<Integration | undefined> {
  const found = await integrations.integration(id);
  return found !== undefined && found.state !== 'deleted' && isOf(caller, found) ? found : undefined;
}

/** What belongs to somebody else is not there. */
export async function requestedIntegration(
  integrations: FoundIntegrations,
  caller: Caller,
  id: string,
): Promise<Integration> {
  const found = await integrationOf(integrations, caller, id);
  if (found === undefined) throw new NotFound(`There is no integration ${id}.`);
  return found;
}
