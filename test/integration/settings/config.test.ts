import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editTownConfig } from '../../../lambdas/api/settings/edit-town.ts';
import { createIds } from '../../../core/ids.ts';
import { expectProblem } from '../api/client.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { CANARIES, canariesIn, secretSettings } from './canaries.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  for (const canary of Object.values(CANARIES)) fixture.secrets.add(canary);
});
afterAll(() => fixture.close());

const settingsOf = (token: string, path: string) => ({
  get: () => fixture.call('GET', `${path}/config`, { token }),
  patch: (body: unknown) => fixture.call('PATCH', `${path}/config`, { token, body }),
});
const versions = async (townId: string) =>
  (await fixture.items()).filter(({ pk, sk }) => pk === `TOWN#${townId}` && String(sk).startsWith('SECRET#'));

describe('settings of a town', () => {
  it('a new town has the seeds, and what its creator gave', async () => {
    const { token, path } = await fixture.town('ann', {
      refinery: { gates: ['npm test'] },
      defaultModel: '',
    });
    const { status, body } = await settingsOf(token, path).get();
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        config: {
          mergeStrategy: 'pr',
          stagedConvoysDefault: true,
          refinery: { gates: ['npm test'], autoMergeDelayMinutes: 5, reviewMode: 'comments' },
        },
        effective: { maxPolecatsPerRig: 3, refinery: { gateTimeoutSeconds: 900 }, defaultModel: null },
      },
    });
  });

  it('changes what is named, wakes the town, and says so in the log without values', async () => {
    const { token, path, townId } = await fixture.town('ann');
    const { get, patch } = settingsOf(token, path);
    const before = await fixture.live(townId);
    const changed = await patch({ maxPolecatsPerRig: 7, refinery: { codeReview: false } });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        config: { maxPolecatsPerRig: 7, refinery: { codeReview: false, autoMerge: true } },
        effective: { maxPolecatsPerRig: 7 },
      },
    });
    expect((await get()).body).toEqual(changed.body);
    const after = await fixture.live(townId);
    expect(after.head.version).toBe(before.head.version + 1);
    expect(after.head.dueAt).toBeDefined();
    expect(after.config.rev).toBe(before.config.rev + 1);
    const [entry] = await fixture.store.log(townId, 1);
    expect(entry?.decisions).toMatchObject([{ rule: 'api/config', subject: { kind: 'town', id: townId } }]);
    expect(entry?.decisions[0]?.reason).toContain('maxPolecatsPerRig, refinery');
  });

  it.each([
    [{ alarm: 1 }, 'alarm'],
    [{ refinery: { gates: [''] } }, 'refinery.gates.0'],
    [{ refinery: { requireCleanMerge: true } }, 'refinery.requireCleanMerge'],
    [{ maxPolecatsPerRig: '3' }, 'maxPolecatsPerRig'],
    [{ secrets: { githubCliPat: 'x' } }, 'secrets'],
    [{ githubCliPat: '****abcd' }, 'githubCliPat'],
    [{ model: { provider: 'openai' } }, 'defaultModel'],
    [{ envVars: { PATH: '/' } }, 'envVars.PATH'],
  ])('%j is refused with its path, and nothing is changed', async (body, issue) => {
    const { token, path, townId } = await fixture.town('ann');
    const before = await fixture.items();
    const answer = await settingsOf(token, path).patch(body);
    expect(answer.status).toBe(400);
    expect(expectProblem(answer).issues?.map((one) => one.path)).toContain(issue);
    expect(await fixture.items()).toEqual(before);
    expect(await versions(townId)).toEqual([]);
  });

  it('belongs to the town’s people', async () => {
    const { path } = await fixture.town('ann');
    const { get, patch } = settingsOf(await fixture.userToken('bob'), path);
    expect([(await get()).status, (await patch({})).status]).toEqual([404, 404]);
  });

  it('changes at the same time are all kept', async () => {
    const { token, path } = await fixture.town('ann');
    const { get, patch } = settingsOf(token, path);
    const patches = [
      { maxPolecatsPerRig: 9 },
      { gitAuthorName: 'Ann' },
      { refinery: { gateTimeoutSeconds: 60 } },
      { refinery: { codeReview: false } },
      { envVars: { TEST_TOKEN: CANARIES.variable } },
    ];
    const answers = await Promise.all(patches.map(patch));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await get()).body).toMatchObject({
      config: {
        maxPolecatsPerRig: 9,
        gitAuthorName: 'Ann',
        refinery: { gateTimeoutSeconds: 60, codeReview: false },
        envVars: { TEST_TOKEN: '****eeee' },
      },
    });
  });
});

describe('secrets of a town', () => {
  it('are shown as masks, keep their value when a mask comes back, and are replaced and cleared', async () => {
    const { token, path, townId } = await fixture.town('ann', secretSettings());
    const { get, patch } = settingsOf(token, path);
    const { body } = await get();
    expect(body).toMatchObject({
      config: {
        model: { apiKey: '****aaaa' },
        gitAuth: { githubToken: '****bbbb', gitlabToken: '****cccc' },
        githubCliPat: '****dddd',
        envVars: { TEST_TOKEN: '****eeee' },
      },
    });
    const { config } = body as { config: object };
    // What a form read is sent back as a whole.
    expect((await patch(config)).body).toEqual(body);
    const kept = await fixture.secretsStore.reveal(townId, await fixture.secretsStore.list(townId));
    expect(new Set(kept.values())).toEqual(new Set(Object.values(CANARIES)));
    const changed = await patch({
      githubCliPat: null,
      envVars: { TEST_TOKEN: '****eeee', OTHER: 'a-new-one' },
    });
    expect(changed.body).toMatchObject({
      config: { envVars: { TEST_TOKEN: '****eeee', OTHER: '****-one' } },
    });
    expect(JSON.stringify(changed.body)).not.toContain('githubCliPat');
    expect((await patch({ envVars: {} })).body).not.toHaveProperty('config.envVars');
  });

  it('a version that is replaced or cleared is gone at once, also one that was set by mistake a moment ago', async () => {
    const { token, path, townId } = await fixture.town('ann', { githubCliPat: CANARIES.githubCliPat });
    const { patch } = settingsOf(token, path);
    await patch({ githubCliPat: 'the-second-token' });
    expect(await versions(townId)).toMatchObject([{ mask: '****oken' }]);
    await patch({ githubCliPat: null });
    expect(await versions(townId)).toEqual([]);
  });

  it('what an interrupted change has kept is removed once no request can be under way that names it', async () => {
    const { token, path, townId } = await fixture.town('ann');
    const { patch } = settingsOf(token, path);
    const secret = { name: 'githubCliPat', version: 'interrupted', value: CANARIES.githubCliPat };
    await fixture.secretsStore.put(townId, secret, fixture.now());
    await patch({ maxPolecatsPerRig: 1 });
    expect(await versions(townId)).toHaveLength(1);
    fixture.clock.offsetMs += 16 * 60_000;
    await patch({ maxPolecatsPerRig: 2 });
    expect(await versions(townId)).toEqual([]);
    fixture.clock.offsetMs = 0;
  });

  it('a change that dies between its two writes changes nothing, and can be made again', async () => {
    const { token, path, townId } = await fixture.town('ann', { githubCliPat: CANARIES.githubCliPat });
    const { get, patch } = settingsOf(token, path);
    const before = (await get()).body;
    const dying = {
      store: { ...fixture.store, edit: () => Promise.reject(new Error('the function died')) },
      secrets: fixture.secretsStore,
      integrations: fixture.integrations,
      towns: fixture.towns,
      now: fixture.now,
    };
    const context = {
      ids: createIds('a seed of at least 128 random bits', fixture.now()),
      at: fixture.now(),
    };
    const change = { githubCliPat: 'the-second-token', maxPolecatsPerRig: 2 };
    const caller = { id: 'ann', orgIds: [] };
    await expect(editTownConfig(dying, caller, townId, change, context)).rejects.toThrow('died');
    expect((await get()).body).toEqual(before);
    expect((await patch(change)).body).toMatchObject({
      config: { githubCliPat: '****oken', maxPolecatsPerRig: 2 },
    });
  });

  it('no secret is in an item, a log line or an answer, whatever is asked and done', async () => {
    const town = await fixture.town('ann', secretSettings());
    const { token, path, townId, rigId } = town;
    await fixture.call('POST', `${path}/beads`, { token, body: { rigId, title: 'one' } });
    await fixture.reconcile(townId);
    // Refused requests quote nothing.
    for (const wrong of [
      { githubCliPat: CANARIES.githubCliPat, gitAuth: { githubToken: [CANARIES.githubToken] } },
      { gitAuth: { githubToken: CANARIES.githubToken, gitlabInstanceUrl: 'http://x' } },
      { envVars: { TEST_TOKEN: CANARIES.variable, PATH: CANARIES.variable } },
      { model: { provider: 'openai-compatible', apiKey: CANARIES.apiKey }, roleModels: 1 },
    ]) {
      const answer = await settingsOf(token, path).patch(wrong);
      expect(answer.status).toBe(400);
      expect(canariesIn(JSON.stringify(answer.body))).toEqual([]);
    }
    for (const route of [
      '',
      '/config',
      '/status',
      '/why',
      '/events',
      '/rigs',
      '/beads',
      '/agents',
      '/convoys',
    ]) {
      const answer = await fixture.call('GET', path + route, { token });
      expect(answer.status).toBe(200);
      expect(canariesIn(JSON.stringify(answer.body))).toEqual([]);
    }
    // A ciphertext is not the text in another form.
    for (const item of await fixture.items()) {
      const bytes = Object.values(item).flatMap((value) =>
        value instanceof Uint8Array ? [Buffer.from(value).toString('latin1')] : [],
      );
      expect(canariesIn([JSON.stringify(item), ...bytes].join(' '))).toEqual([]);
    }
    fixture.secrets.expectSafeLogs();
  });
});

describe('settings of a rig', () => {
  it('are merged key by key, and answered with what holds for the rig', async () => {
    const { token, path, rigId } = await fixture.town('ann', {
      refinery: { gates: ['a'] },
      maxPolecatsPerRig: 2,
    });
    const patch = (config: unknown) =>
      fixture.call('PATCH', `${path}/rigs/${rigId}`, { token, body: { config } });
    await patch({ refinery: { codeReview: false }, maxDispatchAttempts: 2 });
    const { status, body } = await patch({ maxDispatchAttempts: null, maxConcurrentPolecats: 1 });
    const rig = {
      config: { refinery: { codeReview: false }, maxConcurrentPolecats: 1 },
      effective: {
        maxDispatchAttempts: 5,
        maxConcurrentPolecats: 1,
        refinery: { gates: ['a'], codeReview: false },
      },
    };
    expect({ status, body }).toMatchObject({ status: 200, body: rig });
    expect(body).not.toHaveProperty('config.maxDispatchAttempts');
    expect((await fixture.call('GET', `${path}/rigs/${rigId}`, { token })).body).toMatchObject(rig);
    expect((await patch({ container: { memoryGiB: 4 } })).status).toBe(400);
  });
});
