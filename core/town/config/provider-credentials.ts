import type { ModelCredentials } from '../../protocol/sync.ts';
import type { ModelProvider } from './model-provider.ts';

/** How a provider is reached. The key is a secret: what is made of it goes to agent servers only. */
export interface ProviderAccess {
  readonly apiKey: string;
  readonly baseUrl?: string | undefined;
  readonly region?: string | undefined;
}

type Entry = Pick<ModelCredentials, 'npm' | 'options' | 'env'>;

const withBase = (baseURL: string | undefined): Record<string, string> =>
  baseURL === undefined ? {} : { baseURL };

/** Anthropic's own tools take the address without the version, the AI SDK with it. */
export function anthropicUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const bare = url.replace(/\/+$/, '');
  return bare.endsWith('/v1') ? bare : `${bare}/v1`;
}

const ENTRIES: Record<ModelProvider, (access: ProviderAccess) => Entry> = {
  anthropic: ({ apiKey, baseUrl }) => ({
    npm: '@ai-sdk/anthropic',
    options: { apiKey, ...withBase(anthropicUrl(baseUrl)) },
    env: {},
  }),
  openai: ({ apiKey, baseUrl }) => ({
    npm: '@ai-sdk/openai',
    options: { apiKey, ...withBase(baseUrl) },
    env: {},
  }),
  'amazon-bedrock': ({ apiKey, baseUrl, region = '' }) => ({
    npm: '@ai-sdk/amazon-bedrock',
    options: { region, ...withBase(baseUrl) },
    // Source: the Bedrock user guide, "API keys".
    env: { AWS_REGION: region, AWS_BEARER_TOKEN_BEDROCK: apiKey },
  }),
  'openai-compatible': ({ apiKey, baseUrl }) => ({
    npm: '@ai-sdk/openai-compatible',
    options: { apiKey, ...withBase(baseUrl) },
    env: {},
  }),
};

/** A provider as Kilo loads it. */
export const providerEntry = (provider: ModelProvider, access: ProviderAccess): Entry =>
  ENTRIES[provider](access);
