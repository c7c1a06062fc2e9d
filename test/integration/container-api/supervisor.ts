import { once } from 'node:events';
import { exportJWK, generateKeyPair } from 'jose';
import { WebSocket } from 'ws';
import {
  bootstrapAnswer,
  syncAnswer,
  type AgentReport,
  type SyncAnswer,
  type SyncRequest,
} from '../../../core/protocol/sync.ts';
import type { JobReport } from '../../../core/protocol/job.ts';
import type { Answer } from '../api/client.ts';
import type { Fixture } from '../api/fixture.ts';

export async function newPublicKey(): Promise<object> {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { kty, crv, x, y };
}

export const NOTHING_SPENT = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

/** A supervisor without agents: it speaks the protocol, and says of its agents and jobs what a test tells it to say. */
export interface ModelSupervisor {
  readonly townId: string;
  readonly epoch: number;
  token: string;
  agents: AgentReport[];
  jobs: JobReport[];
  phase: SyncRequest['phase'];
  /** Syncs so far; the sequence of the last one. */
  syncs: number;
  latest: SyncAnswer | undefined;
  bootstrap(): Promise<Answer>;
  send(over?: Partial<SyncRequest>): Promise<Answer>;
  /** A sync that must succeed. */
  sync(over?: Partial<SyncRequest>): Promise<SyncAnswer>;
  /** Says of each agent that should run that it works. */
  obey(): void;
  /** Connects; every `sync-now` from then on makes one sync, and nothing else does. `pokes`: when they came, in Unix ms. */
  listen(): Promise<{ readonly pokes: number[]; close(): Promise<void> }>;
}

export async function createModelSupervisor(
  fixture: Fixture,
  townId: string,
  epoch: number,
): Promise<ModelSupervisor> {
  const publicKey = await newPublicKey();
  const model: ModelSupervisor = {
    townId,
    epoch,
    token: '',
    agents: [],
    jobs: [],
    phase: 'running',
    syncs: 0,
    latest: undefined,
    async bootstrap() {
      const bootstrapToken = await fixture.tokens.bootstrapToken({ townId, epoch });
      fixture.secrets.see({ bootstrapToken });
      const answer = await fixture.call('POST', '/v1/container/bootstrap', {
        body: { bootstrapToken, publicKey },
      });
      if (answer.status === 200) model.token = bootstrapAnswer.parse(answer.body).containerToken;
      return answer;
    },
    send(over = {}) {
      model.syncs += 1;
      const { agents, jobs, phase, syncs: sequence } = model;
      const body = { protocol: 1, epoch, sequence, phase, agents, jobs, ...over };
      return fixture.call('POST', '/v1/container/sync', { token: model.token, body });
    },
    async sync(over) {
      const answer = await model.send(over);
      if (answer.status !== 200) throw new Error(`the sync was answered ${JSON.stringify(answer.body)}`);
      model.latest = syncAnswer.parse(answer.body);
      return model.latest;
    },
    obey() {
      model.agents = (model.latest?.agents ?? []).map(({ agentId, attempt }) => ({
        agentId,
        attempt,
        state: 'working',
        usage: NOTHING_SPENT,
        deliveredMessageIds: [],
      }));
    },
    async listen() {
      const url = `${fixture.apiUrl.replace('http', 'ws')}/socket`;
      const socket = new WebSocket(url, { headers: { authorization: `Bearer ${model.token}` } });
      const pokes: number[] = [];
      socket.on('message', () => {
        pokes.push(Date.now());
        void model.sync().then(() => model.obey());
      });
      await once(socket, 'open');
      return {
        pokes,
        async close() {
          socket.close();
          await once(socket, 'close');
        },
      };
    },
  };
  return model;
}

/** A town whose container has been asked for: epoch 1 is starting, and one bead has an agent. */
export async function startingTown(fixture: Fixture, owner = 'owner', config?: object) {
  const town = await fixture.town(owner, config);
  const { token, path, rigId, townId } = town;
  const body = { rigId, title: 'first', body: 'what to do' };
  const answer = await fixture.call('POST', `${path}/beads`, { token, body });
  const { id: beadId } = answer.body as { id: string };
  await fixture.reconcile(townId);
  return { ...town, beadId, supervisor: await createModelSupervisor(fixture, townId, 1) };
}
