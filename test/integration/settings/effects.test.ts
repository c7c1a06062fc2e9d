import { integrationRecord } from '../integrations/record.ts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { promptForWork } from '../../../core/prompts/prompt.ts';
import { environmentAnswer, gitCredentialsAnswer } from '../../../core/protocol/credentials.ts';
import { modelCredentials, type AgentRole, type AgentWork } from '../../../core/protocol/sync.ts';
import type { Blocker } from '../../../core/pull-request/blocker.ts';
import type { Outcome } from '../../../core/reconcile.ts';
import { rigConfigSchema, townSettingsSchema } from '../../../core/town/config.ts';
import { BUDGET_MEASURES, LIMIT_NAMES } from '../../../core/town/config/budgets.ts';
import { descriptionOf, leavesOf } from '../../../core/town/config/shapes.ts';
import { recordKey } from '../../../lambdas/adapters/dynamodb/keys.ts';
import { agentSettings } from '../../../lambdas/container/agent-settings.ts';
import { forgeTokenOf } from '../../../lambdas/adapters/github/forge-token.ts';
import { commitIdentity } from '../../../task-image/git/commit-identity.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { startingTown, type ModelSupervisor } from '../container-api/supervisor.ts';
import {
  agent,
  asPullRequest,
  bead,
  CANDIDATE,
  container,
  convoy,
  jobDone,
  mergeRequest,
  observed,
  report,
  reviewedBead,
  rig,
  sha,
  step,
  T0,
  town,
  workedBead,
  worker,
} from '../../unit/core/town-builder.ts';
import { NOT_YET } from '../../unit/core/settings-page.ts';
import { CANARIES } from './canaries.ts';

/**
 * Every setting is read through what it does (hazards H-05, H-06): a row a setting, and a setting without a row fails. Those that
 * wait for something else say so instead.
 */

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

type Effect = () => Promise<void> | void;

const PROVIDER = {
  model: { provider: 'openai-compatible', baseUrl: 'https://models.example/v1', apiKey: CANARIES.apiKey },
};

const running = async (config: object): Promise<Awaited<ReturnType<typeof startingTown>>> => {
  const started = await startingTown(fixture, 'owner', config);
  await started.supervisor.bootstrap();
  return started;
};
const ask = async <T>(
  { token }: ModelSupervisor,
  path: string,
  body: object,
  schema: z.ZodType<T>,
): Promise<T> => {
  const answer = await fixture.call('POST', `/v1/container/${path}`, { token, body });
  expect(answer.status).toBe(200);
  return schema.parse(answer.body);
};

/** The model that an agent of a role is given. */
const modelOf = async (config: object, role: AgentRole, rigConfig?: object) => {
  const { supervisor, townId, rigId, token, path } = await running({ ...PROVIDER, ...config });
  if (rigConfig !== undefined) {
    await fixture.call('PATCH', `${path}/rigs/${rigId}`, { token, body: { config: rigConfig } });
  }
  const record = agent('the-one', { role, rigId: role === 'mayor' ? '' : rigId });
  const Item = { ...record, ...recordKey(townId, 'agent', record.id) };
  await fixture.document.send(new PutCommand({ TableName: fixture.tableName, Item }));
  return ask(supervisor, 'model-credentials', { agentId: record.id }, modelCredentials);
};
const gives =
  (config: object, role: AgentRole, expected: object, rigConfig?: object): Effect =>
  async () =>
    expect(await modelOf(config, role, rigConfig)).toMatchObject(expected);

const WORK: AgentWork = { kind: 'chat', townName: 'Town', rigs: [] };
/** What an agent of a role is told beside its work. */
const tells =
  (role: AgentRole, rigConfig?: object): Effect =>
  async () => {
    const customInstructions = rigConfig === undefined ? { [role]: 'Speak like a pirate.' } : {};
    const { townId, rigId, token, path } = await fixture.town('owner', { customInstructions });
    if (rigConfig !== undefined) {
      await fixture.call('PATCH', `${path}/rigs/${rigId}`, { token, body: { config: rigConfig } });
    }
    const of = { role, rigId: role === 'mayor' ? '' : rigId };
    const { instructions } = await agentSettings(fixture.store, townId, of);
    expect(promptForWork(WORK, instructions).system).toContain('Speak like a pirate.');
    const other = { ...of, role: role === 'polecat' ? ('refinery' as const) : ('polecat' as const), rigId };
    expect((await agentSettings(fixture.store, townId, other)).instructions).toBeUndefined();
  };

const author = async (config: object) => {
  const { supervisor } = await running(config);
  const { agents } = await supervisor.sync();
  return commitIdentity('Toast', agents[0]?.gitAuthor);
};

const credentialsFor = async (config: object, gitUrl: string) => {
  const { supervisor, token, path } = await running(config);
  const made = await fixture.call('POST', `${path}/rigs`, { token, body: { name: 'private', gitUrl } });
  const { id: rigId } = z.looseObject({ id: z.string() }).parse(made.body);
  return (await ask(supervisor, 'git-credentials', { rigId }, gitCredentialsAnswer)).credentials;
};

/** A merge request whose check is due, and the job that the container is asked to run for it. */
const checkJobOf = (config: object, rigConfig: object = {}) => {
  const parts = {
    config,
    rigs: [rig({ config: rigConfig })],
    beads: [reviewedBead('a')],
    mergeRequests: [mergeRequest('m', 'a', { stage: 'checking', jobId: 'j' })],
    container: container('running'),
  };
  return step(town(parts)).container?.desired.jobs[0];
};
/** The stage that a merge request with green gates goes on to. */
const stageAfterGates = (config: object, rigConfig: object = {}) => {
  const passed = { outcome: 'passed', headSha: sha(9), targetSha: sha(1), candidateSha: sha(2) } as const;
  const parts = {
    config,
    rigs: [rig({ config: rigConfig })],
    beads: [reviewedBead('a')],
    mergeRequests: [mergeRequest('m', 'a', { stage: 'checking', jobId: 'j' })],
    ...jobDone('j', passed),
  };
  return step(town(parts)).decisions.find(
    ({ subject, from }) => subject.kind === 'mergeRequest' && from === 'checking',
  )?.to;
};

const convoyOf = async (config: object, rigConfig?: object) => {
  const { token, path, rigId } = await fixture.town('owner', config);
  if (rigConfig !== undefined) {
    await fixture.call('PATCH', `${path}/rigs/${rigId}`, { token, body: { config: rigConfig } });
  }
  const body = { rigId, title: 'convoy', tasks: [{ title: 'one' }] };
  return (await fixture.call('POST', `${path}/convoys`, { token, body })).body;
};

const workingAgents = async (config: object, rigConfig?: object): Promise<number> => {
  const { token, path, rigId, townId } = await fixture.town('owner', config);
  if (rigConfig !== undefined) {
    await fixture.call('PATCH', `${path}/rigs/${rigId}`, { token, body: { config: rigConfig } });
  }
  for (const title of ['a', 'b', 'c', 'd']) {
    await fixture.call('POST', `${path}/beads`, { token, body: { rigId, title } });
  }
  await fixture.reconcile(townId);
  const { live } = await fixture.live(townId);
  return [...live.agent.values()].filter(({ status }) => status === 'working').length;
};

/** How a running container without work goes on, a minute after it fell idle. */
const afterAnIdleMinute = (config: object) =>
  step(town({ config, container: container('running', { idleSince: T0 }) }), [], 60_000).container?.state;

const OWN_GITLAB = 'https://git.example.org';

const budgetEffects: Readonly<Record<string, Effect>> = Object.fromEntries(
  (['town', 'convoy', 'bead'] as const).flatMap((scope) =>
    BUDGET_MEASURES.flatMap((measure) => {
      const { soft, hard } = LIMIT_NAMES[measure];
      return [
        [`budgets.${scope}.${soft}`, budgetDoes(scope, soft, [])] as const,
        [`budgets.${scope}.${hard}`, budgetDoes(scope, hard, ['works open'])] as const,
      ];
    }),
  ),
);

/** An integration of somebody else's is refused. That the token of one's own is used: the tests of the git token service. */
const refusesForeignIntegration = async (): Promise<void> => {
  const { token, path } = await fixture.town('owner');
  const body = { gitAuth: { platformIntegrationId: 'github-1' } };
  const answer = await fixture.call('PATCH', `${path}/config`, { token, body });
  expect(answer).toMatchObject({
    status: 400,
    body: { issues: [{ path: 'gitAuth.platformIntegrationId' }] },
  });
};

const OF_TOWN: Readonly<Record<string, Effect>> = {
  defaultModel: gives({ defaultModel: 'big' }, 'polecat', { modelId: 'big', smallModelId: 'big' }),
  smallModel: gives({ defaultModel: 'big', smallModel: 'small' }, 'polecat', { smallModelId: 'small' }),
  'roleModels.mayor': gives({ defaultModel: 'big', roleModels: { mayor: 'wise' } }, 'mayor', {
    modelId: 'wise',
  }),
  'roleModels.refinery': gives({ defaultModel: 'big', roleModels: { refinery: 'strict' } }, 'refinery', {
    modelId: 'strict',
  }),
  'roleModels.polecat': gives({ defaultModel: 'big', roleModels: { polecat: 'quick' } }, 'polecat', {
    modelId: 'quick',
  }),
  'model.provider': gives({ model: { provider: 'anthropic', apiKey: CANARIES.apiKey } }, 'polecat', {
    providerId: 'anthropic',
    npm: '@ai-sdk/anthropic',
    modelId: 'claude-sonnet-4-6',
    smallModelId: 'claude-haiku-4-5',
  }),
  'model.baseUrl': gives({ defaultModel: 'm' }, 'polecat', { options: { baseURL: PROVIDER.model.baseUrl } }),
  'model.region': gives(
    {
      defaultModel: 'm',
      model: { provider: 'amazon-bedrock', region: 'eu-west-1', apiKey: CANARIES.apiKey },
    },
    'polecat',
    {
      options: { region: 'eu-west-1' },
      env: { AWS_REGION: 'eu-west-1', AWS_BEARER_TOKEN_BEDROCK: CANARIES.apiKey },
    },
  ),
  'model.apiKey': gives({ defaultModel: 'm' }, 'polecat', { options: { apiKey: CANARIES.apiKey } }),
  maxPolecatsPerRig: async () => expect(await workingAgents({ maxPolecatsPerRig: 2 })).toBe(2),
  'refinery.gates': () =>
    expect(checkJobOf({ refinery: { gates: ['make'] } })).toMatchObject({ gates: ['make'] }),
  'refinery.gateTimeoutSeconds': () =>
    expect(checkJobOf({ refinery: { gateTimeoutSeconds: 7 } })).toMatchObject({ gateTimeoutSeconds: 7 }),
  'refinery.codeReview': () => {
    expect(stageAfterGates({ refinery: { codeReview: true } })).toBe('reviewing');
    expect(stageAfterGates({ refinery: { codeReview: false } })).toBe('open');
  },
  stagedConvoysDefault: async () => {
    expect(await convoyOf({})).toMatchObject({ state: 'staged' });
    expect(await convoyOf({ stagedConvoysDefault: false })).toMatchObject({ state: 'active' });
  },
  convoyMergeMode: async () =>
    expect(await convoyOf({ convoyMergeMode: 'review-and-merge' })).toMatchObject({
      mergeMode: 'review-and-merge',
    }),
  gitAuthorName: async () =>
    expect(await author({ gitAuthorName: 'Ann' })).toMatchObject({
      author: { name: 'Ann', email: 'Toast@gastown.local' },
      coauthor: { name: 'Toast (gastown)' },
    }),
  gitAuthorEmail: async () =>
    expect(await author({ gitAuthorEmail: 'ann@example.org' })).toMatchObject({
      author: { name: 'Toast (gastown)', email: 'ann@example.org' },
    }),
  disableAiCoauthor: async () =>
    expect(await author({ gitAuthorName: 'Ann', disableAiCoauthor: true })).not.toHaveProperty('coauthor'),
  'customInstructions.polecat': tells('polecat'),
  'customInstructions.refinery': tells('refinery'),
  'customInstructions.mayor': tells('mayor'),
  'container.sleepAfterMinutes': () => {
    expect(afterAnIdleMinute({ container: { sleepAfterMinutes: 0.5 } })).toBe('draining');
    expect(afterAnIdleMinute({ container: { sleepAfterMinutes: 120 } })).not.toBe('draining');
  },
  ...budgetEffects,
  // One GiB for each agent, one for the supervisor and one for the mayor.
  'container.memoryGiB': async () =>
    expect(await workingAgents({ container: { memoryGiB: 4 }, maxPolecatsPerRig: 50 })).toBe(2),
  'gitAuth.githubToken': async () => {
    const config = { gitAuth: { githubToken: CANARIES.githubToken } };
    expect(await credentialsFor(config, 'https://github.com/a/b.git')).toEqual({
      username: 'x-access-token',
      password: CANARIES.githubToken,
    });
    expect(await credentialsFor(config, 'https://github.com.example.org/a/b.git')).toBeNull();
  },
  'gitAuth.platformIntegrationId': async () => {
    expect(await forgeToken({ gitAuth: { platformIntegrationId: 'github-7' } })).toBe('token of github-7');
    await refusesForeignIntegration();
  },
  'gitAuth.gitlabToken': async () => {
    const config = { gitAuth: { gitlabToken: CANARIES.gitlabToken } };
    expect(await credentialsFor(config, 'https://gitlab.com/a/b.git')).toEqual({
      username: 'oauth2',
      password: CANARIES.gitlabToken,
    });
    expect(await credentialsFor(config, 'https://github.com/a/b.git')).toBeNull();
  },
  'gitAuth.gitlabInstanceUrl': async () => {
    const config = { gitAuth: { gitlabToken: CANARIES.gitlabToken, gitlabInstanceUrl: OWN_GITLAB } };
    expect(await credentialsFor(config, `${OWN_GITLAB}/a/b.git`)).toMatchObject({ username: 'oauth2' });
    expect(await credentialsFor(config, 'https://gitlab.com/a/b.git')).toBeNull();
  },
  mergeStrategy: () => {
    expect([isOpened({ mergeStrategy: 'pr' }), isOpened({ mergeStrategy: 'direct' })]).toEqual([true, false]);
  },
  'refinery.autoMerge': () => {
    expect([isMerged({ ...NOW, autoMerge: true }), isMerged({ ...NOW, autoMerge: false })]).toEqual([
      true,
      false,
    ]);
  },
  'refinery.autoMergeDelayMinutes': () => {
    const merged = [0, 1, 2, null].map((autoMergeDelayMinutes) => isMerged({ autoMergeDelayMinutes }));
    expect(merged).toEqual([true, true, false, false]);
  },
  'refinery.autoResolvePrFeedback': () => {
    const repaired = [true, false].map((autoResolvePrFeedback) =>
      isRepaired('checkFailed', { autoResolvePrFeedback }),
    );
    expect(repaired).toEqual([true, false]);
  },
  'refinery.autoResolveMergeConflicts': () => {
    const repaired = [true, false].map((autoResolveMergeConflicts) =>
      isRepaired('conflict', { autoResolveMergeConflicts }),
    );
    expect(repaired).toEqual([true, false]);
  },
  githubCliPat: async () => {
    const gitAuth = { githubToken: CANARIES.githubToken };
    expect(await forgeToken({ gitAuth })).toBe(CANARIES.githubToken);
    expect(await forgeToken({ gitAuth, githubCliPat: CANARIES.githubCliPat })).toBe(CANARIES.githubCliPat);
    await expect(forgeToken({})).rejects.toMatchObject({ kind: 'no_token' });
  },
  envVars: async () => {
    const { supervisor } = await running({ envVars: { TEST_TOKEN: CANARIES.variable } });
    expect(await ask(supervisor, 'environment', {}, environmentAnswer)).toEqual({
      variables: { TEST_TOKEN: CANARIES.variable },
    });
  },
};

/** What becomes of one bead at work and one that waits, when what they cost has reached a limit. */
function underBudget(scope: 'town' | 'convoy' | 'bead', limit: string): string[] {
  const used = { inputTokens: 10, outputTokens: 10, costUsd: 10 };
  const inConvoy = { convoyId: 'k', usage: used, sessionMs: 600_000 };
  const { decisions } = step(
    town({
      config: { budgets: { [scope]: { [limit]: 10 } } },
      head: { spent: { ...used, containerMs: 600_000 } },
      beads: [bead('waits', inConvoy), workedBead('works', 'x', inConvoy)],
      convoys: [
        convoy('k', {
          beads: [
            { id: 'waits', outcome: 'open' },
            { id: 'works', outcome: 'open' },
          ],
          spent: { ...used, sessionMs: 600_000 },
        }),
      ],
      agents: [worker('x', 'works')],
      container: container('running'),
      observed: observed({ agents: [report('x', 'working')] }),
    }),
  );
  return decisions
    .filter(({ subject }) => subject.kind === 'bead')
    .map(({ subject, to }) => `${subject.id} ${to}`);
}
function budgetDoes(scope: 'town' | 'convoy' | 'bead', limit: string, does: readonly string[]): Effect {
  return () => expect(underBudget(scope, limit)).toEqual(does);
}

/** What becomes of an open pull request, blocked by this or by nothing, a minute after it was looked at. */
function pullRequestIn(config: object, rigConfig: object, blockers: readonly Blocker[] = []) {
  const pr = {
    blockers: [...blockers],
    ...(blockers.length === 0 ? {} : { readySince: undefined, feedback: 'Repair it.' }),
  };
  return step(
    town({
      config,
      rigs: [rig({ forge: 'github', gitUrl: 'https://github.com/a/b.git', config: rigConfig })],
      beads: [reviewedBead('a')],
      mergeRequests: [asPullRequest('m', 'a', pr)],
      container: container('running'),
      observed: observed(),
    }),
    [],
    60_000,
  );
}
const stagesOf = ({ decisions }: Outcome): (string | undefined)[] =>
  decisions
    .filter(({ subject, to }) => subject.kind === 'mergeRequest' && to !== undefined)
    .map(({ to }) => to);
const isMerged = (refinery: object, ofRig: object = {}): boolean =>
  stagesOf(pullRequestIn({ refinery }, ofRig)).includes('merging');
const isRepaired = (kind: 'checkFailed' | 'conflict', refinery: object, ofRig: object = {}): boolean =>
  pullRequestIn({ refinery }, ofRig, [{ kind, who: 'agent', detail: kind }]).decisions.some(
    ({ rule, subject }) => rule === 'pull-request/repair' && subject.kind === 'bead',
  );
/** Whether an open merge request of a rig on a forge becomes a pull request. */
const isOpened = (config: object, rigConfig: object = {}): boolean =>
  step(
    town({
      config,
      rigs: [rig({ forge: 'github', gitUrl: 'https://github.com/a/b.git', config: rigConfig })],
      beads: [reviewedBead('a')],
      mergeRequests: [mergeRequest('m', 'a', { stage: 'open', candidate: CANDIDATE })],
    }),
  ).decisions.some(({ rule }) => rule === 'pull-request/open');
const NOW = { autoMergeDelayMinutes: 0 };

/** The token that a rig's pull requests are asked for with. */
const forgeToken = async (config: object): Promise<string> => {
  await fixture.integrations.claim(integrationRecord(7, 'owner'));
  const { townId } = await fixture.town('owner', config);
  const record = rig({ gitUrl: 'https://github.com/a/b.git' });
  return forgeTokenOf(
    {
      store: fixture.store,
      secrets: fixture.secretsStore,
      githubHost: 'github.com',
      app: { token: async ({ integrationId }) => ({ token: `token of ${integrationId}`, expiresAt: 0 }) },
    },
    townId,
    record,
  );
};

const SPOKEN = { customInstructions: { polecat: 'Speak like a pirate.' } };
const OF_RIG: Readonly<Record<string, Effect>> = {
  defaultModel: gives({ defaultModel: 'big' }, 'polecat', { modelId: 'own' }, { defaultModel: 'own' }),
  'roleModels.refinery': gives(
    { defaultModel: 'big', roleModels: { refinery: 'strict' } },
    'refinery',
    { modelId: 'own' },
    { roleModels: { refinery: 'own' } },
  ),
  'roleModels.polecat': gives(
    { defaultModel: 'big', roleModels: { polecat: 'quick' } },
    'polecat',
    { modelId: 'own' },
    { roleModels: { polecat: 'own' } },
  ),
  maxConcurrentPolecats: async () =>
    expect(await workingAgents({ maxPolecatsPerRig: 3 }, { maxConcurrentPolecats: 1 })).toBe(1),
  maxDispatchAttempts: () => {
    const parts = (config: object) => ({
      rigs: [rig({ config })],
      beads: [reviewedBead('a')],
      mergeRequests: [
        mergeRequest('m', 'a', {
          stage: 'reviewing',
          reviewAttempt: 1,
          candidate: { targetSha: sha(1), candidateSha: sha(2) },
        }),
      ],
      container: container('running'),
    });
    const failed = (config: object) =>
      step(town(parts(config))).decisions.some(
        ({ subject, to }) => subject.kind === 'mergeRequest' && to === 'failed',
      );
    expect([failed({ maxDispatchAttempts: 1 }), failed({ maxDispatchAttempts: 2 })]).toEqual([true, false]);
  },
  convoyMergeMode: async () =>
    expect(await convoyOf({}, { convoyMergeMode: 'review-and-merge' })).toMatchObject({
      mergeMode: 'review-and-merge',
    }),
  'refinery.gates': () =>
    expect(checkJobOf({ refinery: { gates: ['make'] } }, { refinery: { gates: [] } })).toMatchObject({
      gates: [],
    }),
  'refinery.gateTimeoutSeconds': () =>
    expect(checkJobOf({}, { refinery: { gateTimeoutSeconds: 7 } })).toMatchObject({ gateTimeoutSeconds: 7 }),
  mergeStrategy: () => expect(isOpened({ mergeStrategy: 'direct' }, { mergeStrategy: 'pr' })).toBe(true),
  'refinery.autoMerge': () =>
    expect(isMerged({ ...NOW, autoMerge: true }, { refinery: { autoMerge: false } })).toBe(false),
  'refinery.autoMergeDelayMinutes': () =>
    expect(isMerged(NOW, { refinery: { autoMergeDelayMinutes: 2 } })).toBe(false),
  'refinery.autoResolvePrFeedback': () =>
    expect(isRepaired('checkFailed', {}, { refinery: { autoResolvePrFeedback: true } })).toBe(true),
  'refinery.autoResolveMergeConflicts': () =>
    expect(isRepaired('conflict', {}, { refinery: { autoResolveMergeConflicts: false } })).toBe(false),
  'refinery.codeReview': () => expect(stageAfterGates({}, { refinery: { codeReview: false } })).toBe('open'),
  'customInstructions.polecat': tells('polecat', SPOKEN),
  'customInstructions.refinery': tells('refinery', {
    customInstructions: { refinery: 'Speak like a pirate.' },
  }),
};

const rowsOf = (schema: z.ZodObject, effects: Readonly<Record<string, Effect>>) =>
  leavesOf(schema).map(([path, field]) => {
    const isLater = descriptionOf(field)?.includes(NOT_YET) ?? false;
    return { path, isLater, effect: effects[path] };
  });

describe.each([
  { of: 'a town', schema: townSettingsSchema, effects: OF_TOWN },
  { of: 'a rig', schema: rigConfigSchema, effects: OF_RIG },
])('settings of $of', ({ schema, effects }) => {
  it.each(rowsOf(schema, effects))(
    '$path has an effect, or says when it will',
    async ({ effect, isLater }) => {
      expect(effect === undefined, 'a row in this table, or a word on what it waits for; not both').toBe(
        isLater,
      );
      await effect?.();
    },
  );
  it('no row is left of a setting that is gone', () => {
    const known = new Set(leavesOf(schema).map(([path]) => path));
    expect(Object.keys(effects).filter((path) => !known.has(path))).toEqual([]);
  });
});

it('a rig on a plain git remote merges directly, whatever the strategy', () => {
  const parts = {
    rigs: [rig({ config: { mergeStrategy: 'pr' } })],
    beads: [reviewedBead('a')],
    mergeRequests: [mergeRequest('m', 'a', { stage: 'open', candidate: CANDIDATE })],
  };
  expect(stagesOf(step(town(parts)))).toEqual(['merging']);
});

describe('what settings give to a container', () => {
  it.each(['model-credentials', 'git-credentials', 'environment'])(
    '%s is for the current container only',
    async (path) => {
      const { supervisor, rigId, token, townId } = await running({ ...PROVIDER, defaultModel: 'm' });
      const call = (bearer: string | undefined) =>
        fixture.call('POST', `/v1/container/${path}`, { token: bearer, body: { rigId } });
      expect((await call(supervisor.token)).status).toBe(200);
      expect((await call(token)).status).toBe(401);
      const superseded = await fixture.tokens.containerToken({ townId, epoch: 9 });
      expect((await call(superseded)).status).toBe(410);
    },
  );

  it('a town without a key says what to set', async () => {
    const { supervisor } = await running({ model: { provider: 'anthropic' } });
    const answer = await fixture.call('POST', '/v1/container/model-credentials', {
      token: supervisor.token,
      body: {},
    });
    expect(answer).toMatchObject({ status: 503, body: { detail: expect.stringContaining('model.apiKey') } });
  });

  it('a rig of another town has no credentials here', async () => {
    const { supervisor } = await running({ gitAuth: { githubToken: CANARIES.githubToken } });
    const other = await fixture.town('other');
    const body = { rigId: other.rigId };
    const answer = await fixture.call('POST', '/v1/container/git-credentials', {
      token: supervisor.token,
      body,
    });
    expect(answer.status).toBe(404);
  });
});
