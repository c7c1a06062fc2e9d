import { describe, expect, test } from 'vitest';
import {
  effectiveRigSettings,
  effectiveTownSettings,
  instructionsOf,
  type RigConfig,
  type TownConfig,
} from '../../../core/town/config.ts';
import { isEnvironmentName } from '../../../core/town/config/environment.ts';
import { gitAccessFor } from '../../../core/town/config/git-access.ts';
import { gitAuthorOf } from '../../../core/town/config/git-author.ts';
import { githubHostOf } from '../../../core/town/config/github-host.ts';
import { modelsFor } from '../../../core/town/config/models.ts';
import { anthropicUrl, providerEntry } from '../../../core/town/config/provider-credentials.ts';
import { modelIdsOf } from '../../../core/town/config/provider-defaults.ts';
import type { AgentRole } from '../../../core/protocol/sync.ts';

const TOWN: TownConfig = { defaultModel: 'town', roleModels: { mayor: 'mayor', polecat: 'town-polecat' } };

const MODELS: readonly {
  role: AgentRole;
  town: TownConfig;
  rig: RigConfig;
  gives: string | undefined;
  why: string;
}[] = [
  { role: 'mayor', town: {}, rig: {}, gives: undefined, why: 'nobody says' },
  { role: 'mayor', town: { defaultModel: 'town' }, rig: {}, gives: 'town', why: 'the town says for all' },
  {
    role: 'mayor',
    town: TOWN,
    rig: { defaultModel: 'rig' },
    gives: 'mayor',
    why: 'a rig never says for the mayor',
  },
  { role: 'polecat', town: TOWN, rig: {}, gives: 'town-polecat', why: 'the role comes before the default' },
  {
    role: 'polecat',
    town: TOWN,
    rig: { defaultModel: 'rig' },
    gives: 'town-polecat',
    why: 'also before the rig’s default',
  },
  {
    role: 'polecat',
    town: TOWN,
    rig: { roleModels: { polecat: 'own' } },
    gives: 'own',
    why: 'the rig’s role comes first',
  },
  {
    role: 'refinery',
    town: TOWN,
    rig: { defaultModel: 'rig' },
    gives: 'rig',
    why: 'the rig’s default before the town’s',
  },
  {
    role: 'refinery',
    town: TOWN,
    rig: { roleModels: { refinery: '' } },
    gives: 'town',
    why: 'an empty name says nothing',
  },
];
test.each(MODELS)('$role uses $gives: $why', ({ role, town, rig, gives }) => {
  expect(modelsFor(role, town, rig).model).toBe(gives);
});

test.each([
  ['anthropic', {}, 'claude-sonnet-4-6', 'claude-haiku-4-5'],
  ['anthropic', { model: 'anthropic/claude-x' }, 'claude-x', 'claude-haiku-4-5'],
  ['openai', {}, undefined, undefined],
  ['openai', { model: 'gpt-5', smallModel: 'openai/gpt-5-mini' }, 'gpt-5', 'gpt-5-mini'],
  ['openai-compatible', { model: 'anthropic/claude-x' }, 'anthropic/claude-x', 'anthropic/claude-x'],
] as const)('%s calls %j %s and %s', (provider, choice, modelId, smallModelId) => {
  expect(modelIdsOf(provider, choice)).toEqual({ modelId, smallModelId });
});

test('a key is in what agent servers get, in the provider’s own place', () => {
  const access = { apiKey: 'key', baseUrl: 'https://models.example', region: 'eu-west-1' };
  expect(providerEntry('openai', access).options).toEqual({ apiKey: 'key', baseURL: access.baseUrl });
  expect(providerEntry('anthropic', access).options).toEqual({
    apiKey: 'key',
    baseURL: `${access.baseUrl}/v1`,
  });
  expect(providerEntry('amazon-bedrock', access).options).not.toHaveProperty('apiKey');
  expect(anthropicUrl('https://a.example/v1/')).toBe('https://a.example/v1');
});

const GITLAB = { gitAuth: { gitlabInstanceUrl: 'https://git.example.org/gitlab' } };
const NO_SECRET: readonly [string, TownConfig, string][] = [
  ['http://github.com/a/b', {}, 'not over https'],
  ['file:///srv/a.git', {}, 'on this machine'],
  ['/srv/a.git', {}, 'on this machine'],
  ['https://github.com.evil.example/a/b', {}, 'another host'],
  ['https://github.com:8443/a/b', {}, 'another port'],
  ['https://evil.example/github.com/a', {}, 'a host in the path'],
  ['https://gitlab.com/a/b', GITLAB, 'the town has another GitLab'],
];
test.each(NO_SECRET)('%s with %j gets no token: %s', (url, town) => {
  expect(gitAccessFor(url, town, 'github.com')).toBeUndefined();
});
test.each([
  ['https://github.com/a/b.git', {}, 'gitAuth.githubToken'],
  ['https://GitHub.com/a/b.git', {}, 'gitAuth.githubToken'],
  ['https://gitlab.com/a/b.git', {}, 'gitAuth.gitlabToken'],
  ['https://git.example.org/a/b.git', GITLAB, 'gitAuth.gitlabToken'],
])('%s with %j gets %s', (url, town, secret) => {
  expect(gitAccessFor(url, town, 'github.com')?.secret).toBe(secret);
});
test.each([
  ['https://api.github.com', 'github.com'],
  ['https://git.corp.example/api/v3', 'git.corp.example'],
])('repositories of %s are on %s', (api, host) => expect(githubHostOf(api)).toBe(host));

test.each([
  [{}, undefined],
  [{ disableAiCoauthor: true }, undefined],
  [{ gitAuthorName: 'Ann' }, { name: 'Ann', email: undefined, hasCoauthor: true }],
  [
    { gitAuthorEmail: 'a@b.example', disableAiCoauthor: true },
    { name: undefined, email: 'a@b.example', hasCoauthor: false },
  ],
])('commits with %j are by %j', (town, author) => expect(gitAuthorOf(town)).toEqual(author));

test.each([
  ['polecat', { polecat: 'town' }, { polecat: 'rig' }, 'town\n\nrig'],
  ['polecat', { polecat: ' ' }, { refinery: 'rig' }, undefined],
  ['mayor', { mayor: 'town' }, { polecat: 'rig' }, 'town'],
] as const)('%s is told, of %j and %j, %j', (role, ofTown, ofRig, told) => {
  expect(instructionsOf(role, { customInstructions: ofTown }, { customInstructions: ofRig })).toBe(told);
});

test.each(['NPM_TOKEN', '_x', 'a1'])('%s may be set', (name) => expect(isEnvironmentName(name)).toBe(true));
test.each(['', '1A', 'A B', 'PATH', 'HOME', 'GIT_DIR', 'GASTOWN_API_URL', 'KILO_CONFIG', 'A'.repeat(129)])(
  '%s may not be set',
  (name) => expect(isEnvironmentName(name)).toBe(false),
);

describe('what holds', () => {
  test('for a rig: its own delay, even when it is null', () => {
    const town = { refinery: { autoMergeDelayMinutes: 5 } };
    const delayOf = (rig: RigConfig) => effectiveRigSettings(town, rig).refinery.autoMergeDelayMinutes;
    expect([delayOf({}), delayOf({ refinery: { autoMergeDelayMinutes: null } })]).toEqual([5, null]);
  });
  test('for a town that was made before there were seeds: the old defaults', () => {
    expect(effectiveTownSettings({})).toMatchObject({
      mergeStrategy: 'direct',
      stagedConvoysDefault: false,
      refinery: { reviewMode: 'rework', autoMergeDelayMinutes: null, autoResolvePrFeedback: false },
    });
  });
});
