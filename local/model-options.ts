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
    options: { apiKey: required(env, 'ANTHROPIC_API_KEY'), ...baseUrl(env, 'ANTHROPIC_BASE_URL') },
    env: {},
  }),
  openai: (env) => ({
    npm: '@ai-sdk/openai',
    options: { apiKey: required(env, 'OPENAI_API_KEY'), ...baseUrl(env, 'OPENAI_BASE_URL') },
    env: {},
  }),
  'amazon-bedrock': (env) => {
    const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
    if (region === undefined) throw new ModelOptionError('Bedrock needs AWS_REGION.');
    const names = [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'AWS_BEARER_TOKEN_BEDROCK',
    ];
    const found = names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
    if (found.length === 0) {
      throw new ModelOptionError(
        'Bedrock needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK.',
      );
    }
    return {
      npm: '@ai-sdk/amazon-bedrock',
      options: { region },
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
  const provider = PROVIDERS[providerId];
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

function required(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new ModelOptionError(`Set ${name} to use this provider.`);
  return value;
}

function baseUrl(env: Environment, name: string): Record<string, string> {
  const value = env[name];
  return value === undefined ? {} : { baseURL: value };
}
