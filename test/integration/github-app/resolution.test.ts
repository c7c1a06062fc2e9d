import { expect, test } from 'vitest';
import type { TownStore } from '../../../core/ports.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import type { TownConfig } from '../../../core/town/config.ts';
import { gitCredentialsFor } from '../../../lambdas/container/git-credentials.ts';
import { forgeTokenOf } from '../../../lambdas/adapters/github/forge-token.ts';
import { rig } from '../../unit/core/town-builder.ts';

/** Which token a rig's pull requests are asked for with, and which one git gets (reference, section 6.1). */

interface Situation {
  readonly reason: string;
  /** Values of the town's secrets. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly ofRig?: string;
  readonly ofTown?: string;
  readonly gitUrl?: string;
  /** What the integration of this id answers instead of `token of <id>`. */
  readonly failing?: Readonly<Record<string, ForgeError>>;
}

const GONE = new ForgeError('no_token', 'it is gone');
const LIMITED = new ForgeError('rate_limited', 'it is limited', { until: 7 });

function depsOf({ secrets = {}, ofRig, ofTown, gitUrl, failing = {} }: Situation) {
  const config = {
    rev: 1,
    gitAuth: ofTown === undefined ? {} : { platformIntegrationId: ofTown },
    secrets: Object.fromEntries(Object.keys(secrets).map((name) => [name, 'v1'])),
  } as unknown as TownConfig & { readonly rev: number };
  const record = rig({
    gitUrl: gitUrl ?? 'https://github.com/acme/app.git',
    ...(ofRig === undefined ? {} : { integrationId: ofRig }),
  });
  const asked: string[] = [];
  const deps = {
    githubHost: 'github.com',
    store: {
      config: async () => config,
      record: (async () => record) as unknown as TownStore['record'],
    },
    secrets: {
      reveal: async (_townId: string, wanted: readonly { name: string }[]) =>
        new Map(wanted.map(({ name }) => [name, secrets[name] ?? ''])),
    } as unknown as Parameters<typeof forgeTokenOf>[0]['secrets'],
    app: {
      async token({ integrationId }: { integrationId: string }) {
        asked.push(integrationId);
        const failure = failing[integrationId];
        if (failure !== undefined) throw failure;
        return { token: `token of ${integrationId}`, expiresAt: 0 };
      },
    },
  };
  return { deps, record, asked };
}

const ALL = { githubCliPat: 'cli', 'gitAuth.githubToken': 'stored' };
const STORED = { 'gitAuth.githubToken': 'stored' };

test.each<Situation & { api: string; git: string | null; asked?: readonly string[] }>([
  {
    reason: 'what was made for pull requests alone comes first, and git never gets it',
    secrets: ALL,
    ofRig: 'r',
    ofTown: 't',
    api: 'cli',
    git: 'token of r',
    asked: ['r'],
  },
  {
    reason: "the rig's integration is nearer than the town's",
    secrets: STORED,
    ofRig: 'r',
    ofTown: 't',
    api: 'token of r',
    git: 'token of r',
    asked: ['r', 'r'],
  },
  {
    reason: 'a rig without an integration has that of its town',
    secrets: STORED,
    ofTown: 't',
    api: 'token of t',
    git: 'token of t',
  },
  {
    reason: "the rig's integration is enough",
    ofRig: 'r',
    api: 'token of r',
    git: 'token of r',
  },
  {
    reason: 'an integration that fails gives way to the next',
    ofRig: 'r',
    ofTown: 't',
    failing: { r: GONE },
    api: 'token of t',
    git: 'token of t',
    asked: ['r', 't', 'r', 't'],
  },
  {
    reason: 'integrations that fail give way to what is stored',
    secrets: STORED,
    ofRig: 'r',
    ofTown: 't',
    failing: { r: GONE, t: LIMITED },
    api: 'stored',
    git: 'stored',
  },
  {
    reason: 'the same integration is not asked twice',
    secrets: STORED,
    ofRig: 'r',
    ofTown: 'r',
    failing: { r: GONE },
    api: 'stored',
    git: 'stored',
    asked: ['r', 'r'],
  },
  {
    reason: 'without an integration what is stored is what there is',
    secrets: STORED,
    api: 'stored',
    git: 'stored',
    asked: [],
  },
  {
    reason: 'an empty secret is none',
    secrets: { githubCliPat: '', ...STORED },
    api: 'stored',
    git: 'stored',
  },
])('$reason', async (situation) => {
  const { deps, record, asked } = depsOf(situation);
  expect(await forgeTokenOf(deps, 'town', record)).toBe(situation.api);
  const { credentials } = await gitCredentialsFor(deps, 'town', record.id);
  expect(credentials).toEqual(
    situation.git === null ? null : { username: 'x-access-token', password: situation.git },
  );
  expect(asked).toEqual(situation.asked ?? asked);
});

test.each<Situation & { kind: string; says: string; until?: number; git: string | null }>([
  {
    reason: 'nothing is set',
    kind: 'no_token',
    says: 'Tried githubCliPat (not set), platform integration (none configured), gitAuth.githubToken (not set).',
    git: null,
  },
  {
    reason: 'both integrations fail for good',
    ofRig: 'r',
    ofTown: 't',
    failing: { r: GONE, t: new ForgeError('no_token', 'it is suspended') },
    kind: 'no_token',
    says: 'Tried githubCliPat (not set), rig integration (it is gone), town integration (it is suspended), gitAuth.githubToken (not set).',
    git: null,
  },
  {
    reason: 'one of them will work again by itself',
    ofRig: 'r',
    ofTown: 't',
    failing: { r: GONE, t: LIMITED },
    kind: 'rate_limited',
    until: 7,
    says: 'town integration (it is limited)',
    git: 'rate_limited',
  },
  {
    reason: 'the reasons are long',
    ofRig: 'r',
    ofTown: 't',
    failing: {
      r: new ForgeError('no_token', 'r'.repeat(500)),
      t: new ForgeError('no_token', 't'.repeat(500)),
    },
    kind: 'no_token',
    says: 'or set gitAuth.githubToken.',
    git: null,
  },
  {
    reason: 'the rig is on another host',
    secrets: ALL,
    ofRig: 'r',
    gitUrl: 'https://elsewhere.example/acme/app.git',
    kind: 'host_mismatch',
    says: 'no token of GitHub is sent there',
    git: null,
  },
])('no token when $reason', async (situation) => {
  const { deps, record } = depsOf(situation);
  const error: unknown = await forgeTokenOf(deps, 'town', record).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ForgeError);
  const { kind, userMessage, until } = error as ForgeError;
  expect({ kind, until }).toEqual({ kind: situation.kind, until: situation.until });
  expect(userMessage).toContain(situation.says);
  expect(userMessage.length).toBeLessThanOrEqual(500);
  const git: unknown = await gitCredentialsFor(deps, 'town', record.id).catch(
    (caught: unknown) => (caught as ForgeError).kind,
  );
  expect(git).toEqual(situation.git ?? { credentials: null });
});
