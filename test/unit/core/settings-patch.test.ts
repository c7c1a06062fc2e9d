import { expect, test } from 'vitest';
import {
  patchRig,
  patchTown,
  seededConfig,
  townPatchSchema,
  type RigConfig,
  type RigPatch,
  type TownConfig,
  type TownPatch,
} from '../../../core/town/config.ts';
import { maskedSettings } from '../../../core/town/config/masked.ts';
import { isMask, maskOf } from '../../../core/town/config/secrets.ts';
import { givenSecrets } from '../../../core/town/config/town-patch.ts';

const PATCHES: readonly {
  situation: string;
  stored?: TownConfig;
  patch: TownPatch;
  gives?: TownConfig;
  issues?: readonly string[];
}[] = [
  {
    situation: 'what is not named stays',
    stored: { defaultModel: 'a/b', maxPolecatsPerRig: 2 },
    patch: { maxPolecatsPerRig: 4 },
    gives: { defaultModel: 'a/b', maxPolecatsPerRig: 4 },
  },
  {
    situation: 'a group is merged field by field',
    stored: { refinery: { gates: ['a'], codeReview: false } },
    patch: { refinery: { gateTimeoutSeconds: 5 } },
    gives: { refinery: { gates: ['a'], codeReview: false, gateTimeoutSeconds: 5 } },
  },
  {
    situation: 'a list is a value: it is replaced whole',
    stored: { refinery: { gates: ['a', 'b'] } },
    patch: { refinery: { gates: ['c'] } },
    gives: { refinery: { gates: ['c'] } },
  },
  {
    situation: 'null clears a setting, and a group that is empty goes',
    stored: { gitAuthorName: 'Ann', roleModels: { mayor: 'a/b' } },
    patch: { gitAuthorName: null, roleModels: { mayor: null } },
    gives: {},
  },
  {
    situation: 'null clears a whole group',
    stored: { customInstructions: { mayor: 'be kind', polecat: 'be quick' } },
    patch: { customInstructions: null },
    gives: {},
  },
  {
    situation: 'for the delay of a merge null is a value',
    stored: { refinery: { autoMergeDelayMinutes: 5 } },
    patch: { refinery: { autoMergeDelayMinutes: null } },
    gives: { refinery: { autoMergeDelayMinutes: null } },
  },
  {
    situation: 'an empty name of a model clears it',
    stored: { defaultModel: 'a/b', roleModels: { refinery: 'a/c', mayor: 'a/d' } },
    patch: { defaultModel: '', roleModels: { refinery: '' } },
    gives: { roleModels: { mayor: 'a/d' } },
  },
  {
    situation: 'a new secret counts from now on, and its place holds nothing',
    stored: { secrets: { 'gitAuth.githubToken': 'v1' } },
    patch: { gitAuth: { githubToken: 'a-new-token' } },
    gives: { secrets: { 'gitAuth.githubToken': 'new' } },
  },
  {
    situation: 'the mask of a secret keeps it',
    stored: { secrets: { 'gitAuth.githubToken': 'v1' } },
    patch: { gitAuth: { githubToken: '****oken' } },
    gives: { secrets: { 'gitAuth.githubToken': 'v1' } },
  },
  {
    situation: 'a mask of nothing is no secret',
    patch: { githubCliPat: '****oken' },
    issues: ['githubCliPat'],
  },
  {
    situation: 'null, an empty text, and clearing its group take a secret away',
    stored: { secrets: { githubCliPat: 'v1', 'gitAuth.gitlabToken': 'v2', 'model.apiKey': 'v3' } },
    patch: { githubCliPat: null, gitAuth: { gitlabToken: '' }, model: null },
    gives: {},
  },
  {
    situation: 'variables replace all that were set, and masked ones stay',
    stored: { secrets: { 'envVars.A': 'v1', 'envVars.B': 'v2', githubCliPat: 'v3' } },
    patch: { envVars: { A: '****', C: 'see' } },
    gives: { secrets: { 'envVars.A': 'v1', 'envVars.C': 'new', githubCliPat: 'v3' } },
  },
  {
    situation: 'a masked variable that is not there is no value',
    patch: { envVars: { A: '****abcd' } },
    issues: ['envVars.A'],
  },
  {
    situation: 'who says where a key is sent gives the key',
    stored: { model: { provider: 'openai' }, defaultModel: 'gpt-5', secrets: { 'model.apiKey': 'v1' } },
    patch: { model: { baseUrl: 'https://elsewhere.example/v1' } },
    issues: ['model.apiKey'],
  },
  {
    situation: 'a masked key is not given',
    stored: { secrets: { 'gitAuth.gitlabToken': 'v1' } },
    patch: { gitAuth: { gitlabInstanceUrl: 'https://elsewhere.example', gitlabToken: '****abcd' } },
    issues: ['gitAuth.gitlabToken'],
  },
  {
    situation: 'a key that is given goes where the same request says',
    stored: { model: { provider: 'openai' }, defaultModel: 'gpt-5', secrets: { 'model.apiKey': 'v1' } },
    patch: { model: { baseUrl: 'https://elsewhere.example/v1', apiKey: 'another-key' } },
    gives: {
      model: { provider: 'openai', baseUrl: 'https://elsewhere.example/v1' },
      defaultModel: 'gpt-5',
      secrets: { 'model.apiKey': 'new' },
    },
  },
  {
    situation: 'a provider without a model of its own choice needs one',
    patch: { model: { provider: 'openai' } },
    issues: ['defaultModel'],
  },
  {
    situation: 'Bedrock needs a region, a compatible API an address',
    stored: { defaultModel: 'm' },
    patch: { model: { provider: 'amazon-bedrock' } },
    issues: ['model.region'],
  },
  {
    situation: 'a compatible API needs an address',
    stored: { defaultModel: 'm' },
    patch: { model: { provider: 'openai-compatible' } },
    issues: ['model.baseUrl'],
  },
  {
    situation: 'a model of another provider cannot be served',
    stored: { model: { provider: 'anthropic' } },
    patch: { roleModels: { refinery: 'openai/gpt-5' } },
    issues: ['roleModels.refinery'],
  },
];

test.each(PATCHES)('$situation', ({ stored = {}, patch, gives, issues = [] }) => {
  // Every patch of the table is one that the API takes.
  expect(townPatchSchema.safeParse(patch).success).toBe(true);
  const versions = new Map(givenSecrets(patch).map(({ name }) => [name, 'new']));
  const patched = patchTown(stored, patch, versions);
  expect(patched.issues.map(({ path }) => path)).toEqual(issues);
  // Settings that are refused are not stored, so nobody cares what they are.
  const wanted = gives ?? patched.config;
  expect(patched.config).toEqual(wanted);
});

test('what newer code has stored stays', () => {
  const stored = { newer: 1, refinery: { newer: 2, gates: ['a'] } } as TownConfig;
  const { config } = patchTown(stored, { refinery: { gates: null, codeReview: false } }, new Map());
  expect(config).toEqual({ newer: 1, refinery: { newer: 2, codeReview: false } });
});

test('nothing is changed in place', () => {
  const stored = Object.freeze({ refinery: Object.freeze({ gates: [] }), secrets: Object.freeze({}) });
  expect(patchTown(stored, { refinery: { codeReview: true } }, new Map()).config).not.toBe(stored);
});

test.each([
  ['an unknown setting', { alarmIntervalActive: 5 }],
  ['an unknown setting of a group', { refinery: { requireCleanMerge: true } }],
  ['the record of versions', { secrets: {} }],
  ['a value out of its range', { maxPolecatsPerRig: 51 }],
  ['instructions that are too long', { customInstructions: { mayor: 'x'.repeat(2001) } }],
  ['a name that no variable has', { envVars: { 'A-B': 'x' } }],
  ['a variable that the town sets', { envVars: { PATH: '/tmp' } }],
  ['a variable of git', { envVars: { GIT_SSH_COMMAND: 'x' } }],
  [
    'too many variables',
    { envVars: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`V${n}`, 'x'])) },
  ],
  ['a secret that is too long', { githubCliPat: 'ä'.repeat(2049) }],
  ['a secret with a line break', { gitAuth: { githubToken: 'a\nb' } }],
  ['an author that breaks a commit', { gitAuthorName: 'Ann <ann@example.org>' }],
  ['a plain address for a token', { gitAuth: { gitlabInstanceUrl: 'http://gitlab.example' } }],
])('%s is refused', (_, patch) => {
  expect(townPatchSchema.safeParse(patch).success).toBe(false);
});

const RIG_PATCHES: readonly {
  situation: string;
  stored: RigConfig;
  patch: RigPatch;
  town?: TownConfig;
  gives: RigConfig;
  issues?: readonly string[];
}[] = [
  {
    situation: 'a rig is merged field by field',
    stored: { refinery: { gates: ['a'] }, maxDispatchAttempts: 2 },
    patch: { refinery: { codeReview: false }, maxDispatchAttempts: null },
    gives: { refinery: { gates: ['a'], codeReview: false } },
  },
  {
    situation: 'a rig’s model is one that the town can serve',
    town: { model: { provider: 'anthropic' } },
    stored: {},
    patch: { defaultModel: 'openai/gpt-5' },
    gives: { defaultModel: 'openai/gpt-5' },
    issues: ['defaultModel'],
  },
];
test.each(RIG_PATCHES)('$situation', ({ town = {}, stored, patch, gives, issues = [] }) => {
  const patched = patchRig(town, stored, patch);
  expect(patched.config).toEqual(gives);
  expect(patched.issues.map(({ path }) => path)).toEqual(issues);
});

test.each([
  ['ghp_0123456789abcdef', '****cdef'],
  ['12345678', '****5678'],
  ['1234567', '****'],
  ['', '****'],
])('of %j is shown %j, and that is known again', (value, mask) => {
  expect(maskOf(value)).toBe(mask);
  expect(isMask(mask)).toBe(true);
});
test.each(['***abcd', '****abcde', 'x****'])('%j is no mask', (text) => {
  expect(isMask(text)).toBe(false);
});

test('settings are shown with a mask in the place of each secret, and without what the store added', () => {
  const stored = { rev: 3, maxPolecatsPerRig: 2, secrets: { 'model.apiKey': 'v' } } as TownConfig;
  const masks = new Map([
    ['model.apiKey', '****1111'],
    ['gitAuth.githubToken', '****2222'],
    ['gitAuth.gitlabToken', '****3333'],
    ['githubCliPat', '****4444'],
    ['envVars.A', '****'],
  ]);
  expect(maskedSettings(stored, masks)).toEqual({
    maxPolecatsPerRig: 2,
    model: { apiKey: '****1111' },
    gitAuth: { githubToken: '****2222', gitlabToken: '****3333' },
    githubCliPat: '****4444',
    envVars: { A: '****' },
  });
});

test('a new town gets the seeds, and what its creator gives wins', () => {
  expect(seededConfig()).toEqual({
    mergeStrategy: 'pr',
    refinery: {
      gates: [],
      codeReview: true,
      autoMerge: true,
      autoMergeDelayMinutes: 5,
      reviewMode: 'comments',
      autoResolvePrFeedback: true,
    },
    stagedConvoysDefault: true,
  });
  expect(
    seededConfig({
      stagedConvoysDefault: false,
      refinery: { gates: ['npm test'], autoMergeDelayMinutes: null },
      maxPolecatsPerRig: 1,
    }),
  ).toEqual({
    ...seededConfig(),
    stagedConvoysDefault: false,
    maxPolecatsPerRig: 1,
    refinery: { ...seededConfig().refinery, gates: ['npm test'], autoMergeDelayMinutes: null },
  });
});
