import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgentSnapshots, type AgentSnapshots } from '../../../task-image/snapshots/agent-snapshots.ts';
import { createControlPlane, type ControlPlane } from '../../../task-image/supervisor/control-plane.ts';
import type { Fixture } from '../api/fixture.ts';

export const SERVER = '7.7.7';

export interface Logged {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A container of the town, without a supervisor. */
export interface Container {
  readonly epoch: number;
  readonly controlPlane: ControlPlane;
  /** The mayor's snapshots in a home; what it logs is put into `logged`. */
  snapshots(
    home: string,
    over?: { agentId?: string; server?: string },
  ): AgentSnapshots & { readonly logged: Logged[] };
}

export interface MayorTown {
  readonly townId: string;
  readonly agentId: string;
  /** Of the epoch that is there. */
  container(): Promise<Container>;
  /** Its task ends; the next epoch is starting. */
  lose(): Promise<void>;
}

/** A town that wants its mayor for as long as the test runs: a message waits for an answer that never comes. */
export async function townWithMayor(fixture: Fixture): Promise<MayorTown> {
  const { token, path, townId } = await fixture.town(`owner-${crypto.randomUUID()}`);
  await fixture.call('POST', `${path}/mayor/messages`, { token, body: { message: 'Hello' } });
  await fixture.reconcile(townId);
  const { live } = await fixture.live(townId);
  const [mayor] = [...live.agent.values()];
  if (mayor === undefined) throw new Error('there is no mayor');
  const agentId = mayor.id;
  const epochNow = async (): Promise<number> => (await fixture.live(townId)).container.epoch;
  return {
    townId,
    agentId,
    async container() {
      const epoch = await epochNow();
      const bootstrapToken = await fixture.tokens.bootstrapToken({ townId, epoch });
      const controlPlane = await createControlPlane(fixture.apiUrl, bootstrapToken);
      await controlPlane.bootstrap(AbortSignal.timeout(5000));
      return {
        epoch,
        controlPlane,
        snapshots(home, { agentId: id = agentId, server = SERVER } = {}) {
          const logged: Logged[] = [];
          const snapshots = createAgentSnapshots({
            calls: controlPlane.snapshots,
            identity: { townId, agentId: id, epoch },
            serverVersion: () => Promise.resolve(server),
            home,
            directory: join(home, 'chat'),
            log: (message, fields) => logged.push({ message, fields }),
          });
          return { ...snapshots, logged };
        },
      };
    },
    async lose() {
      await fixture.reconcile(townId, { type: 'task_stopped', epoch: await epochNow(), reason: 'test' });
      if ((await fixture.live(townId)).container.state === 'starting') return;
      // It was not the first one.
      fixture.clock.offsetMs += 120_000;
      await fixture.reconcile(townId);
    },
  };
}

export const newHome = (): Promise<string> => mkdtemp(join(tmpdir(), 'gastown-home-'));
