import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MESSAGE_VERSION } from '../../../core/facts/message.ts';
import { startScriptedModel } from '../../../local/scripted-model/server.ts';
import { townScript } from '../../../local/scripted-model/town-script.ts';
import { buildPlugin } from '../../../task-image/plugin/build.ts';
import { databaseOf } from '../../../task-image/snapshots/session-database.ts';
import { createControlPlane, type ControlPlane } from '../../../task-image/supervisor/control-plane.ts';
import { createSupervisor, type Supervisor } from '../../../task-image/supervisor/supervisor.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { until } from '../supervisor/harness.ts';
import { newHome } from './scene.ts';

/** Real agent servers and a real town: its mayor from one container to the next. */

let fixture: Fixture;
const cleanUps: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  fixture = await startFixture({ isRunning: true });
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  await fixture.close();
});

interface Line extends Readonly<Record<string, unknown>> {
  readonly message: string;
}

async function containerOf(townId: string, epoch: number, modelUrl: string, pluginFile: string) {
  const lines: Line[] = [];
  const bootstrapToken = await fixture.tokens.bootstrapToken({ townId, epoch });
  const real = await createControlPlane(fixture.apiUrl, bootstrapToken);
  const controlPlane: ControlPlane = {
    ...real,
    get token() {
      return real.token;
    },
    modelCredentials: () =>
      Promise.resolve({
        providerId: 'scripted',
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: modelUrl, apiKey: 'key' },
        modelId: 'scripted',
        smallModelId: 'scripted',
        env: {},
      }),
  };
  const workDir = await newHome();
  cleanUps.push(() => rm(workDir, { recursive: true, force: true, maxRetries: 5 }));
  const supervisor: Supervisor = createSupervisor({
    controlPlane,
    townId,
    epoch,
    workDir,
    apiUrl: fixture.apiUrl,
    pluginFile,
    allowLocalGit: true,
    log: (message, fields = {}) => void lines.push({ message, ...fields }),
  });
  cleanUps.push(() => supervisor.kill());
  const ended = supervisor.run();
  const logged = (message: string, nth = 0): Promise<Line> =>
    until(message, () => lines.filter((line) => line.message === message)[nth], 40_000);
  return { workDir, supervisor, ended, logged };
}

test(
  'what was said to the mayor is saved while it runs, and is in its database in the next container',
  { timeout: 90_000 },
  async () => {
    const model = await startScriptedModel({ script: townScript });
    cleanUps.push(() => model.close());
    const { path, token, townId } = await fixture.town('owner');
    const plugin = await newHome();
    cleanUps.push(() => rm(plugin, { recursive: true, force: true }));
    const pluginFile = join(plugin, 'gastown.js');
    await buildPlugin(pluginFile);
    const say = (message: string) =>
      fixture.call('POST', `${path}/mayor/messages`, { token, body: { message } });
    await say('How is it going?');
    await until('its container starts', async () => (await fixture.live(townId)).container.epoch === 1);

    const first = await containerOf(townId, 1, model.url, pluginFile);
    expect(await first.logged('agent.snapshot_saved')).toMatchObject({ generation: 1 });
    // It is lost: nothing is saved any more.
    await first.supervisor.kill();
    await say('And now?');
    const fact = { type: 'task_stopped', epoch: 1, reason: 'lost' } as const;
    await fixture.towns.send({ v: MESSAGE_VERSION, townId, fact });
    expect(await first.ended).toBe('superseded');
    await until('the next one starts', async () => (await fixture.live(townId)).container.epoch === 2);

    const second = await containerOf(townId, 2, model.url, pluginFile);
    expect(await second.logged('mayor.snapshot_restored')).toMatchObject({ generation: 1 });
    const agentId = [...(await fixture.live(townId)).live.agent.keys()][0] ?? '';
    const home = join(second.workDir, 'agents', agentId, '2', 'home');
    const database = new DatabaseSync(databaseOf(home), { readOnly: true });
    const [session] = database.prepare('SELECT directory FROM session ORDER BY time_created').all();
    expect(session?.['directory']).toBe(join(second.workDir, 'agents', agentId, 'chat'));
    const said = database.prepare('SELECT data FROM part').all();
    expect(JSON.stringify(said)).toContain('How is it going?');
    database.close();

    // It saves on, and once more when it is asked to go.
    expect(await second.logged('agent.snapshot_saved')).toMatchObject({ generation: 2 });
    second.supervisor.drain();
    expect(await second.ended).toBe('drained');
    expect(await second.logged('agent.snapshot_saved', 1)).toMatchObject({ generation: 3 });
  },
);
