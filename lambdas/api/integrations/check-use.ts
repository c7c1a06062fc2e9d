import { InvalidInput } from '../../../core/errors.ts';
import { mayUse } from '../../../core/integration.ts';
import type { Head } from '../../../core/town/head.ts';
import type { Caller } from '../caller.ts';
import { integrationOf, type FoundIntegrations } from './access.ts';

/** A field that names an integration. */
export interface IntegrationField {
  /** In the body. */
  readonly path: string;
  /** What was sent; null clears. */
  readonly given: string | null | undefined;
  /** What stands there already: it was checked when it was set, maybe by somebody with other integrations. */
  readonly before?: string | undefined;
}

/**
 * Only who has an integration gives it to a town, and only to a town of the integration's owner: no other would get tokens.
 * @throws InvalidInput at the field's path
 */
export async function checkUse(
  integrations: FoundIntegrations,
  caller: Caller,
  town: Pick<Head, 'ownerId' | 'orgId'>,
  { path, given, before }: IntegrationField,
): Promise<void> {
  if (given === undefined || given === null || given === before) return;
  const found = await integrationOf(integrations, caller, given);
  if (found === undefined)
    throw refused(path, 'you have no integration of this id; see GET /v1/integrations');
  if (!mayUse(town, found)) {
    throw refused(
      path,
      'this integration and the town belong to different owners; take one of the town’s owner or organisation',
    );
  }
}

const refused = (path: string, message: string): InvalidInput =>
  new InvalidInput(`The integration cannot be used: ${message}.`, [{ path, message }]);
