import { expect } from 'vitest';
import { record } from '../api/client.ts';
import { modelRepository } from '../api/model-github-app.ts';
import { suspend } from '../api/suspend.ts';
import type { Api } from '../attack/api.ts';
import { secretSettings } from '../settings/canaries.ts';
import type { Tenant } from './tenant.ts';

/** One thing that a tenant does; the parts of a story come in this order. */
export type Part = (tenant: Tenant, api: Api) => Promise<void>;

const BODY = { body: 'what to do' };
const itemsOf = ({ body }: { body: unknown }): string[] =>
  (body as { items: unknown[] }).items.map((item) => record.parse(item).id);

/** Everything that people can ask for, each at least once, and so that it works. */
export const STORY: Readonly<Record<string, Part>> = {
  'a town': async (t) => {
    await t.ask('getHealth');
    await t.make('townId', 'createTown', {
      body: { name: 'town', orgId: t.orgId, config: secretSettings() },
    });
    await t.ask('getTown');
    await t.ask('listTowns');
    await t.ask('getTownConfig');
    await t.ask('updateTownConfig', { body: { refinery: { codeReview: false }, defaultModel: 'big' } });
  },
  rigs: async (t) => {
    await t.make('rigId', 'createRig', { body: { name: 'rig', gitUrl: '/srv/git/rig.git' } });
    const spare = await t.make('spare', 'createRig', {
      body: { name: 'spare', gitUrl: '/srv/git/spare.git' },
    });
    await t.ask('getRig');
    await t.ask('editRig', { ids: { rigId: spare }, body: { name: 'another' } });
    await t.ask('removeRig', { ids: { rigId: spare } });
    await t.step();
    await t.ask('listRigs');
  },
  beads: async (t) => {
    const rigId = t.ids['rigId'];
    const work = await t.make('work', 'createBead', { body: { rigId, title: 'work', ...BODY } });
    await t.make('beadId', 'createBead', { body: { rigId, title: 'held', held: true, dependsOn: [work] } });
    await t.make('doomed', 'createBead', { body: { rigId, title: 'doomed', held: true } });
    await t.step();
    await t.ask('editBead', { body: { title: 'still held', labels: ['a'] } });
    await t.ask('getBead');
    await t.ask('listBeads');
    await t.ask('listBeads', { query: '?label=a' });
    await t.ask('getStatus');
    await t.ask('explainWaits');
  },
  agents: async (t, api) => {
    t.ids['agentId'] = await t.firstOf('listAgents');
    await t.ask('getAgent');
    await t.ask('nudgeAgent', { body: { message: 'go on' } });
    await t.ask('listAttempts', { ids: { beadId: t.ids['work'] ?? '' } });
    await escalate(t, api);
    await t.step();
    t.ids['escalationId'] = await t.firstOf('listEscalations');
    await t.ask('acknowledgeEscalation');
    await t.ask('createStreamTicket', { body: { topic: 'agent', agentId: t.ids['agentId'] } });
    await t.ask('resetAgent');
    await t.step();
    t.ids['agentId'] = await workerOf(t, api);
    await t.ask('stopAgent');
    await t.step();
    await t.ask('listAgents');
    await t.ask('listAttempts', { ids: { beadId: t.ids['work'] ?? '' } });
  },
  'ends of beads': async (t) => {
    const ids = { beadId: t.ids['doomed'] ?? '' };
    await t.ask('startBead');
    await t.ask('cancelBead', { ids, body: { as: 'failed', reason: 'not wanted' } });
    await t.step();
    await t.ask('getBead', { ids });
    await t.ask('reopenBead', { ids });
    await t.step();
    await t.ask('deleteBead', { ids });
    await t.step();
    await t.ask('listBeads');
  },
  convoys: async (t) => {
    const rigId = t.ids['rigId'];
    // One: ids of things that one request makes are in no order, and neither is what the town does with them.
    const tasks = [{ title: 'one', ...BODY }];
    const made = await t.ask('createConvoy', { body: { rigId, title: 'convoy', staged: true, tasks } });
    t.ids['convoyId'] = record.parse(made.body).id;
    const [one = ''] = itemsOf(made);
    const late = await t.make('late', 'createBead', { body: { rigId, title: 'late', held: true } });
    await t.ask('editConvoy', { body: { title: 'a convoy' } });
    await t.ask('addConvoyBead', { body: { beadId: late, dependsOn: [one] } });
    await t.step();
    await t.ask('getConvoy');
    await t.ask('removeConvoyBead', { ids: { beadId: late } });
    await t.step();
    await t.ask('startConvoy');
    await t.step();
    await t.ask('cancelBead', { ids: { beadId: one }, body: { as: 'failed' } });
    await t.step();
    await t.ask('explainWaits');
    await t.ask('retryConvoy');
    await t.step();
    await t.ask('closeConvoy', { body: { reason: 'enough' } });
    await t.step();
    await t.ask('listConvoys');
  },
  'the mayor': async (t) => {
    await t.ask('ensureMayor');
    await t.ask('writeToMayor', { body: { message: 'hello', context: 'the first page' } });
    await t.step();
    await t.ask('getMayor');
  },
  'an installation of the GitHub App': async (t, { fixture: { githubApp } }) => {
    const login = `login-${t.orgId}`;
    const asked = await t.ask('getInstallUrl', { query: `?return=/onboarding&orgId=${t.orgId}` });
    const state = new URL((asked.body as { url: string }).url).searchParams.get('state') ?? '';
    const installationId = githubApp.install([login], { repositories: [modelRepository('app')] });
    const code = githubApp.codeOf(login);
    const back = new URLSearchParams({ state, code, installation_id: `${installationId}` });
    await t.ask('finishInstall', { query: `?${back.toString()}` });
    t.ids['integrationId'] = await t.firstOf('listIntegrations');
    await t.ask('listIntegrationRepositories');
    await t.ask('editRig', { body: { integrationId: t.ids['integrationId'] } });
    await t.ask('editRig', { body: { integrationId: null } });
  },
  'looking back': async (t) => {
    await t.ask('listMergeQueue');
    await t.ask('listEvents', { query: '?limit=200' });
    for (const by of ['bead', 'convoy', 'agent']) await t.ask('getCosts', { query: `?by=${by}` });
    await t.ask('getStatus');
  },
  moving: async (t) => {
    const asked = await t.ask('requestExport');
    t.ids['exportId'] = (asked.body as { exportId: string }).exportId;
    await t.ask('getExport');
    const begun = await t.ask('beginImport');
    t.ids['importId'] = (begun.body as { importId: string }).importId;
    await t.ask('getImport');
  },
  'a rule that is suspended': async (t, api) => {
    await suspend(api.fixture, t.ids['townId'] ?? '', 'mail/expired');
    await t.ask('explainWaits');
    await t.ask('resumeRule', { body: { rule: 'mail/expired' } });
    await t.step();
  },
  'the end': async (t) => {
    await t.ask('pauseTown');
    await t.step();
    await t.ask('getStatus');
    await t.ask('resumeTown');
    await t.step();
    await t.ask('listEvents', { query: '?limit=200' });
    await t.ask('deleteTown');
    await t.ask('getTown');
    await t.ask('getOpenApiDocument');
  },
};

/** The agent that works on the first bead. */
async function workerOf({ ids }: Tenant, api: Api): Promise<string> {
  const { live } = await api.fixture.live(ids['townId'] ?? '');
  const worker = [...live.agent.values()].find(({ hook }) => hook?.id === ids['work']);
  if (worker === undefined) throw new Error('nobody works on the first bead');
  return worker.id;
}

/** What no person says: the agent asks for help with its own token. */
async function escalate({ ids }: Tenant, api: Api): Promise<void> {
  const { townId = '', agentId = '', work = '' } = ids;
  const { live } = await api.fixture.live(townId);
  const token = await api.fixture.tokens.agentToken({
    townId,
    epoch: 1,
    agentId,
    role: 'polecat',
    attempt: live.agent.get(agentId)?.attempt ?? 0,
    work: { kind: 'bead', id: work },
  });
  const body = { severity: 'high', title: 'help', text: 'the tests do not start' };
  expect((await api.call('POST', '/v1/agent/escalate', { token, body })).status).toBe(202);
}
