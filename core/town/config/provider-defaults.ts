import type { ModelChoice } from './models.ts';
import type { ModelProvider } from './model-provider.ts';

/** What is used when people name no model. Source: the model names of Anthropic's API. */
const DEFAULT_MODELS: Partial<Record<ModelProvider, Required<ModelChoice>>> = {
  anthropic: { model: 'claude-sonnet-4-6', smallModel: 'claude-haiku-4-5' },
};

export const HAS_DEFAULT_MODEL: ReadonlySet<ModelProvider> = new Set(
  Object.keys(DEFAULT_MODELS) as ModelProvider[],
);

/** The choice with the provider's defaults, in the provider's own names. `smallModel` is `model` where nobody says. */
export function modelIdsOf(
  provider: ModelProvider,
  { model, smallModel }: ModelChoice,
): { modelId: string | undefined; smallModelId: string | undefined } {
  const defaults = DEFAULT_MODELS[provider];
  const modelId = ownName(provider, model ?? defaults?.model);
  return { modelId, smallModelId: ownName(provider, smallModel ?? defaults?.smallModel) ?? modelId };
}

const ownName = (provider: string, name: string | undefined): string | undefined =>
  name?.startsWith(`${provider}/`) === true ? name.slice(provider.length + 1) : name;
