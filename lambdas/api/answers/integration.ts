import * as z from 'zod';
import { integrationSchema, type Integration } from '../../../core/integration.ts';
import type { ReachedRepository } from '../../../core/ports.ts';
import { orgOfOwner } from '../../../core/town/owners.ts';
import { presentTimes, times, timesExample } from './times.ts';

const { id, provider, installationId, selection, state } = integrationSchema.shape;

export const integration = z
  .strictObject({
    id,
    provider,
    orgId: z.string().nullable().meta({ description: 'The organisation that it belongs to; null: yourself' }),
    account: integrationSchema.shape.account
      .strict()
      .meta({ description: 'Where the GitHub App is installed' }),
    selection: selection.meta({ description: 'Which of the account’s repositories it reaches' }),
    state: state.meta({ description: 'Deleted ones are in no list' }),
    installationId: installationId.meta({ description: 'GitHub’s number of the installation' }),
    ...times,
  })
  .meta({
    id: 'Integration',
    description: 'An installation of the GitHub App, which gives access to repositories',
  });

export const presentIntegration = ({
  id: integrationId,
  provider: of,
  ownerId,
  account,
  selection: reached,
  state: stands,
  installationId: number,
  ...rest
}: Integration): z.infer<typeof integration> => ({
  id: integrationId,
  provider: of,
  orgId: orgOfOwner(ownerId) ?? null,
  account: { login: account.login, type: account.type },
  selection: reached,
  state: stands,
  installationId: number,
  ...presentTimes(rest),
});

export const integrationExample: z.infer<typeof integration> = {
  id: 'github-4711',
  provider: 'github',
  orgId: null,
  account: { login: 'example', type: 'Organization' },
  selection: 'selected',
  state: 'active',
  installationId: 4711,
  ...timesExample,
};

export const repository = z
  .strictObject({
    fullName: z.string().meta({ description: '`owner/name`' }),
    gitUrl: z.string(),
    defaultBranch: z.string(),
    private: z.boolean(),
  })
  .meta({ id: 'Repository', description: 'A repository that an integration reaches' });

export const presentRepository = ({
  fullName,
  gitUrl,
  defaultBranch,
  isPrivate,
}: ReachedRepository): z.infer<typeof repository> => ({
  fullName,
  gitUrl,
  defaultBranch,
  private: isPrivate,
});

export const repositoryExample: z.infer<typeof repository> = {
  fullName: 'example/app',
  gitUrl: 'https://github.com/example/app.git',
  defaultBranch: 'main',
  private: true,
};
