import { afterAll, beforeAll, expect, it } from 'vitest';
import { integrationIdOf } from '../../../core/integration.ts';
import { createInstallStates } from '../../../lambdas/adapters/dynamodb/install-states.ts';
import { createIntegrationStore } from '../../../lambdas/adapters/dynamodb/integrations.ts';
import { createJsonTelemetry } from '../../../lambdas/adapters/telemetry/json-telemetry.ts';
import { finishInstall } from '../../../lambdas/api/integrations/finish-install.ts';
import { createModelGitHubApp } from '../api/model-github-app.ts';
import { startTable } from '../idempotency/table.ts';

let table: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

it('a GitHub that is slower than the gateway waits claims nothing, then or later', async () => {
  const githubApp = createModelGitHubApp();
  const integrations = createIntegrationStore(table.options);
  const installStates = createInstallStates(table.options, Date.now);
  const lines: string[] = [];
  const telemetry = createJsonTelemetry({ service: 'api', write: (line) => void lines.push(line) });
  const deps = {
    githubApp,
    integrations,
    installStates,
    telemetry,
    consoleUrl: () => 'https://console.example',
  };
  const installationId = githubApp.install(['ann']);
  const state = await installStates.issueState({ userId: 'ann', returnPath: '/a' });
  githubApp.delayMs = 60;
  const given = { state, code: githubApp.codeOf('ann'), installation_id: installationId };
  const location = await finishInstall({ ...deps, githubLimitMs: 20 }, given, Date.now());
  expect(location).toBe('https://console.example/a?error=installation_failed');
  expect(lines.join('\n')).toContain('No answer within 20 ms.');
  await expect.poll(() => githubApp.asked, { timeout: 5000 }).toEqual(['administers', 'installation']);
  expect(await integrations.integration(integrationIdOf(installationId))).toBeUndefined();
});

it('a table that does not answer ends at the default page', async () => {
  const broken = createInstallStates({ ...table.options, tableName: 'none' }, Date.now);
  const deps = {
    githubApp: createModelGitHubApp(),
    integrations: createIntegrationStore(table.options),
    installStates: broken,
    telemetry: createJsonTelemetry({ service: 'api', write: () => undefined }),
    consoleUrl: () => 'https://console.example',
  };
  const sound = createInstallStates(table.options, Date.now);
  const state = await sound.issueState({ userId: 'ann', returnPath: '/a' });
  const location = await finishInstall(deps, { state }, Date.now());
  expect(location).toBe('https://console.example/integrations?error=installation_failed');
});
