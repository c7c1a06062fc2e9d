import type { ModelCredentials } from '../core/protocol/sync.ts';

/** What is wrong with the chosen model, and what to do. */
export class ModelOptionError extends Error {
  override readonly name = 'ModelOptionError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Providers that Kilo brings along; the key stays in memory and goes to agent servers only. */
const PROVIDERS: Record<string, (env: Environment) => Pick<ModelCredentials, 'npm' | 'options' | 'env'>> = {
  anthropic: (env) => ({
    npm: '@ai-sdk/anthropic',
    options: { apiKey: required(env, 'ANTHROPIC_API_KEY'), ...anthropicBaseUrl(env) },
    env: {},
  }),
  openai: (env) => ({
    npm: '@ai-sdk/openai',
    options: { apiKey: required(env, 'OPENAI_API_KEY'), ...baseUrl(env, 'OPENAI_BASE_URL') },
    env: {},
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

/** The scripted model server of this project as Kilo sees it. */
export const scriptedModelCredentials = (url: string): ModelCredentials => ({
  providerId: 'scripted',
  npm: '@ai-sdk/openai-compatible',
  options: { baseURL: url, apiKey: 'scripted' },
  modelId: 'scripted',
  smallModelId: 'scripted',
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

/** Anthropic's own tools take the address without the version, the AI SDK with it. */
function anthropicBaseUrl(env: Environment): { baseURL?: string } {
  const { baseURL } = baseUrl(env, 'ANTHROPIC_BASE_URL');
  if (baseURL === undefined) return {};
  const bare = baseURL.replace(/\/+$/, '');
  return { baseURL: bare.endsWith('/v1') ? bare : `${bare}/v1` };
}
