import type { ApiClient } from './api-client.ts';
import type { DemoForge } from './demo-forge.ts';
import type { List } from './records.ts';

const TIMEOUT_MS = 20_000;

/**
 * Installs the GitHub App as a user does: asks for an address on GitHub, and comes back from there with what GitHub gives a browser.
 * @returns the integration
 */
export async function installApp(api: ApiClient, apiUrl: string, forge: DemoForge): Promise<string> {
  const { url } = await api.get<{ url: string }>('/integrations/github/install-url');
  const { code, installationId } = forge.installed();
  const back = new URL(`${apiUrl}/v1/integrations/github/callback`);
  back.search = new URLSearchParams({
    state: new URL(url).searchParams.get('state') ?? '',
    code,
    installation_id: `${installationId}`,
    setup_action: 'install',
  }).toString();
  const answer = await fetch(back, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
  const [integration] = (await api.get<List<{ id: string }>>('/integrations')).items;
  if (integration === undefined)
    throw new Error(`the GitHub App was not installed: ${answer.headers.get('location') ?? answer.status}`);
  return integration.id;
}
