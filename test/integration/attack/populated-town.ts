import { integrationRecord } from '../integrations/record.ts';
import { expect } from 'vitest';
import { integrationIdOf } from '../../../core/integration.ts';
import { orgOwner } from '../../../core/town/owners.ts';
import { listed, record } from '../api/client.ts';
import { secretSettings } from '../settings/canaries.ts';
import type { Api } from './api.ts';

export type PopulatedTown = Awaited<ReturnType<typeof populatedTown>>;

/** A town with one of everything that a path can name: ids by the names of path parameters. Its settings hold the canaries. */
export async function populatedTown(api: Api, userId: string, orgIds: readonly string[] = []) {
  const token = await api.token(userId, orgIds);
  const made = async (path: string, body: object, name = 'id'): Promise<string> => {
    const answer = await api.call('POST', path, { token, body });
    expect(answer.status, `${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    return String((answer.body as Record<string, unknown>)[name]);
  };
  const [orgId] = orgIds;
  const townId = await made('/v1/towns', { name: 'town', config: secretSettings(), ...(orgId && { orgId }) });
  const path = `/v1/towns/${townId}`;
  const rigId = await made(`${path}/rigs`, { name: 'rig', gitUrl: '/srv/git/rig.git' });
  const workId = await made(`${path}/beads`, { rigId, title: 'work', body: 'what to do' });
  const beadId = await made(`${path}/beads`, { rigId, title: 'held', held: true });
  const task = { title: 'task' };
  const convoyId = await made(`${path}/convoys`, {
    rigId,
    title: 'convoy',
    staged: true,
    tasks: [task, task],
  });
  await made(`${path}/mayor/ensure`, {}, 'agentId');
  await api.fixture.reconcile(townId);
  const { live } = await api.fixture.live(townId);
  const worker = [...live.agent.values()].find(({ hook }) => hook?.id === workId);
  if (worker === undefined) throw new Error('nobody works on the bead');
  const agentToken = await api.fixture.tokens.agentToken({
    townId,
    epoch: 1,
    agentId: worker.id,
    role: 'polecat',
    attempt: worker.attempt,
    work: { kind: 'bead', id: workId },
  });
  api.fixture.secrets.add(agentToken);
  const help = { severity: 'high', title: 'help', text: 'the tests do not start' };
  expect((await api.call('POST', '/v1/agent/escalate', { token: agentToken, body: help })).status).toBe(202);
  await api.fixture.reconcile(townId);
  const escalations = await api.call('GET', `${path}/escalations`, { token });
  const escalationId = record.parse(listed.parse(escalations.body).items[0]).id;
  const exportId = await made(`${path}/exports`, {}, 'exportId');
  const importId = await made('/v1/towns/imports', {}, 'importId');
  const integrationId = await installed(api, userId, orgId);
  const ids = {
    townId,
    integrationId,
    rigId,
    beadId,
    convoyId,
    agentId: worker.id,
    escalationId,
    exportId,
    importId,
  };
  return { userId, token, agentToken, path, workId, ids };
}

/** An integration of the user, or of the organisation. */
async function installed({ fixture }: Api, userId: string, orgId?: string): Promise<string> {
  const installationId = fixture.githubApp.install([userId]);
  const id = integrationIdOf(installationId);
  const times = { createdAt: fixture.now(), updatedAt: fixture.now() };
  const ownerId = orgId === undefined ? userId : orgOwner(orgId);
  const account = { login: userId, type: 'User' };
  await fixture.integrations.claim(
    integrationRecord(installationId, ownerId, { account, createdBy: userId, ...times }),
  );
  return id;
}
