import { Unavailable } from '../../core/errors.ts';
import type { ModelAccess, TownStore } from '../../core/ports.ts';
import type { ModelCredentials } from '../../core/protocol/sync.ts';
import { modelsFor } from '../../core/town/config/models.ts';
import { providerEntry } from '../../core/town/config/provider-credentials.ts';
import { modelIdsOf } from '../../core/town/config/provider-defaults.ts';
import { revealed, type RevealDeps } from '../adapters/secrets/reveal.ts';

export interface ModelCredentialsDeps extends RevealDeps {
  readonly store: Pick<TownStore, 'config' | 'record'>;
  /** For towns that have no provider of their own. */
  readonly models: ModelAccess;
}

const KEY = 'model.apiKey';

/**
 * The model of an agent by its role and rig, with what is needed to use it. A town that names a provider uses that and its own
 * key; others use what the installation has.
 * @throws Unavailable with what to set
 */
export async function modelCredentialsFor(
  deps: ModelCredentialsDeps,
  townId: string,
  agentId: string | undefined,
): Promise<ModelCredentials> {
  const agent = agentId === undefined ? undefined : await deps.store.record(townId, 'agent', agentId);
  // The mayor has no rig.
  const hasRig = agent !== undefined && agent.rigId !== '';
  const rig = hasRig ? await deps.store.record(townId, 'rig', agent.rigId) : undefined;
  const { config, values } = await revealed(deps, townId, (name) => name === KEY);
  const choice = modelsFor(agent?.role ?? 'polecat', config, rig?.config);
  const { provider, baseUrl, region } = config.model ?? {};
  if (provider === undefined) return deps.models.credentials(choice);
  const apiKey = values.get(KEY);
  if (apiKey === undefined) {
    throw new Unavailable(`The town has no key for ${provider}: set model.apiKey in its settings.`);
  }
  const { modelId, smallModelId } = modelIdsOf(provider, choice);
  if (modelId === undefined || smallModelId === undefined) {
    throw new Unavailable(`No model of ${provider} is named: set defaultModel in the town's settings.`);
  }
  return {
    providerId: provider,
    modelId,
    smallModelId,
    ...providerEntry(provider, { apiKey, baseUrl, region }),
  };
}
