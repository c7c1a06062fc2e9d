import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { createApiClient } from '../../local/demo/api-client.ts';
import { readTown } from '../../local/demo/read-town.ts';
import type { Snapshot } from '../../local/demo/records.ts';
import { createSampleRepository } from '../../local/demo/sample-repository.ts';
import { setUpTown } from '../../local/demo/set-up.ts';
import { SENTENCE } from '../../local/demo/story.ts';
import { startMachine } from '../../local/machine.ts';
import { scriptedModelCredentials } from '../../local/model-options.ts';
import type { ScriptStep } from '../../local/scripted-model/script.ts';
import { startScriptedModel } from '../../local/scripted-model/server.ts';
import { townScript } from '../../local/scripted-model/town-script.ts';
import { processesOf } from './processes.ts';

const base = mkdtempSync(join(tmpdir(), 'gastown-mayor-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

test('a container that is killed in the middle of the chat: the message is answered in the end, once, by one convoy', async () => {
  const dataDir = join(base, 'killed');
  // Slow enough to be met between making the convoy and saying so, on a busy machine too.
  const isSayingSo = (step: ScriptStep): boolean => 'say' in step && step.say.startsWith('I made');
  const stepDelayMs = (step: ScriptStep): number => (isSayingSo(step) ? 12_000 : 0);
  const model = await startScriptedModel({ script: townScript, stepDelayMs });
  const machine = await startMachine({
    dataDir,
    port: 0,
    model: (choice) => Promise.resolve(scriptedModelCredentials(model.url, choice)),
    version: 'test',
  });
  try {
    const api = createApiClient(machine.info.apiUrl, machine.info.token);
    const { remoteUrl } = await createSampleRepository(base);
    const { townId } = await setUpTown(api, remoteUrl, 0.05, SENTENCE);
    const seen = async (what: string, isSo: (town: Snapshot) => boolean): Promise<Snapshot> => {
      const deadline = performance.now() + 120_000;
      for (;;) {
        const snapshot = await readTown(api, townId);
        if (isSo(snapshot)) return snapshot;
        if (performance.now() > deadline) throw new Error(`${what}: ${JSON.stringify(snapshot)}`);
        await delay(100);
      }
    };
    const before = await seen('the convoy is made', ({ convoys }) => convoys.length === 1);
    expect(before.chat.map(({ from, unanswered }) => [from, unanswered])).toEqual([['user', true]]);
    const [supervisor] = processesOf(dataDir).filter(({ command }) => command.includes('supervisor/main.ts'));
    process.kill(supervisor?.pid ?? 0, 'SIGKILL');

    const after = await seen('the message is answered', ({ chat }) => chat.length > 1);
    expect(after.chat.map(({ from, unanswered }) => [from, unanswered])).toEqual([
      ['user', false],
      ['mayor', false],
    ]);
    expect(after.chat[1]?.text).toMatch(/^I made the convoy/);
    expect(after.status.container.epoch).toBe(2);
    expect(after.convoys.map(({ id }) => id)).toEqual(before.convoys.map(({ id }) => id));
    expect(after.beads.map(({ id }) => id)).toEqual(before.beads.map(({ id }) => id));
    // Nothing more is said or made when the session that answered is at rest.
    const settled = await seen('the mayor waits', ({ agents }) =>
      agents.some(({ role, status }) => role === 'mayor' && status === 'waiting'),
    );
    expect([settled.chat.length, settled.convoys.length, settled.beads.length]).toEqual([2, 1, 3]);
  } finally {
    await machine.close();
    await model.close();
  }
}, 200_000);
