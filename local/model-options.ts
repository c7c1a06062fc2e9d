import type { ModelCredentials } from '../core/protocol/sync.ts';
import type { ModelChoice } from '../core/town/config/models.ts';
import { providerEntry } from '../core/town/config/provider-credentials.ts';

/** What is wrong with the chosen model, and what to do. */
export class ModelOptionError extends Error {
  override readonly name = 'ModelOptionError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Providers that Kilo brings along; the key stays in memory and goes to agent servers only. */
const PROVIDERS: Record<string, (env: Environment) => Pick<ModelCredentials, 'npm' | 'options' | 'env'>> = {
  anthropic: (env) =>
    providerEntry('anthropic', {
      apiKey: required(env, 'ANTHROPIC_API_KEY'),
      baseUrl: value(env, 'ANTHROPIC_BASE_URL'),
    }),
  openai: (env) =>
    providerEntry('openai', {
      apiKey: required(env, 'OPENAI_API_KEY'),
      baseUrl: value(env, 'OPENAI_BASE_URL'),
    }),
  'amazon-bedrock': (env) => {
    const region = value(env, 'AWS_REGION') ?? value(env, 'AWS_DEFAULT_REGION');
    if (region === undefined) throw new ModelOptionError('Bedrock needs AWS_REGION.');
    const hasKeys =
      value(env, 'AWS_ACCESS_KEY_ID') !== undefined && value(env, 'AWS_SECRET_ACCESS_KEY') !== undefined;
    if (!hasKeys && value(env, 'AWS_BEARER_TOKEN_BEDROCK') === undefined) {
      throw new ModelOptionError(
        'Bedrock needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK.',
      );
    }
    const names = [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'AWS_BEARER_TOKEN_BEDROCK',
    ];
    const found = names.flatMap((name) => {
      const set = value(env, name);
      return set === undefined ? [] : [[name, set] as const];
    });
    return {
      npm: '@ai-sdk/amazon-bedrock',
      // The name that every AWS SDK takes for the endpoint of this service, as for a VPC endpoint.
      options: { region, ...baseUrl(env, 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME') },
      env: { AWS_REGION: region, ...Object.fromEntries(found) },
    };
  },
};

/**
 * @param model `provider/model`, as `anthropic/claude-sonnet-4-5`
 * @throws ModelOptionError that says what to set
 */
export function modelFromEnvironment(model: string, env: Environment): ModelCredentials {
  const at = model.indexOf('/');
  const providerId = model.slice(0, Math.max(at, 0));
  const modelId = model.slice(at + 1);
  const provider = Object.hasOwn(PROVIDERS, providerId) ? PROVIDERS[providerId] : undefined;
  if (provider === undefined || modelId === '') {
    const known = Object.keys(PROVIDERS).join(', ');
    throw new ModelOptionError(`--model is provider/model with one of the providers ${known}; not ${model}`);
  }
  return { providerId, modelId, smallModelId: modelId, ...provider(env) };
}

/**
 * The models that a town's settings name, with keys of the environment.
 * @param fallback of the command line, for what the settings leave open
 * @throws ModelOptionError that says what to set
 */
export function chosenFromEnvironment(
  { model, smallModel }: ModelChoice,
  fallback: string | undefined,
  env: Environment,
): ModelCredentials {
  const name = model ?? fallback;
  if (name === undefined) {
    throw new ModelOptionError(
      'No model is configured: start again with --model provider/model or --scripted-model, or set model.provider and model.apiKey of the town.',
    );
  }
  const main = modelFromEnvironment(name, env);
  // Both models of an agent are the same provider's.
  const small = smallModel === undefined ? undefined : modelFromEnvironment(smallModel, env);
  return small?.providerId === main.providerId ? { ...main, smallModelId: small.modelId } : main;
}

/** The scripted model server of this project as Kilo sees it; it plays whatever model is asked for. */
export const scriptedModelCredentials = (
  url: string,
  { model = 'scripted', smallModel = model }: ModelChoice = {},
): ModelCredentials => ({
  providerId: 'scripted',
  npm: '@ai-sdk/openai-compatible',
  options: { baseURL: url, apiKey: 'scripted' },
  modelId: model,
  smallModelId: smallModel,
  env: {},
});

/** An empty variable is as good as none. */
function value(env: Environment, name: string): string | undefined {
  const set = env[name];
  return set === '' ? undefined : set;
}

function required(env: Environment, name: string): string {
  const set = value(env, name);
  if (set === undefined) throw new ModelOptionError(`Set ${name} to use this provider.`);
  return set;
}

function baseUrl(env: Environment, name: string): { baseURL?: string } {
  const set = value(env, name);
  return set === undefined ? {} : { baseURL: set };
}
