import * as z from 'zod';
import type { Now } from '../../../core/ports.ts';
import { minutes, type Instant } from '../../../core/town/instant.ts';
import type { GitHubClient } from './client.ts';
import { notUnderstood } from './failure.ts';
import { fullName, type RepositoryName } from './repository.ts';

export type MergeMethod = 'squash' | 'merge' | 'rebase';

export interface RepositorySettings extends RepositoryName {
  /** Those that the repository allows, the preferred one first. */
  readonly methods: readonly MergeMethod[];
}

/** What repositories are called and allow, remembered for some minutes. */
export interface SettingsCache {
  /** @throws ForgeError */
  of(repository: RepositoryName, token: string): Promise<RepositorySettings>;
  /** They turned out not to hold. */
  forget(repository: RepositoryName): void;
}

const REMEMBERED_MS = minutes(5);
const MAX_REMEMBERED = 1000;

/** A token that may not administer the repository is not always told what it allows: what is not said is tried. */
const settingsSchema = z.object({
  name: z.string(),
  owner: z.object({ login: z.string() }),
  allow_squash_merge: z.boolean().nullish(),
  allow_merge_commit: z.boolean().nullish(),
  allow_rebase_merge: z.boolean().nullish(),
});

export function createSettingsCache(client: GitHubClient, now: Now): SettingsCache {
  const remembered = new Map<string, { settings: RepositorySettings; until: Instant }>();
  const keyOf = (repository: RepositoryName): string => fullName(repository).toLowerCase();
  return {
    async of(repository, token) {
      const key = keyOf(repository);
      const known = remembered.get(key);
      if (known !== undefined && now() < known.until) return known.settings;
      const settings = await read(client, repository, token);
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(key, { settings, until: now() + REMEMBERED_MS });
      return settings;
    },
    forget(repository) {
      remembered.delete(keyOf(repository));
    },
  };
}

async function read(
  client: GitHubClient,
  repository: RepositoryName,
  token: string,
): Promise<RepositorySettings> {
  const { owner, name } = repository;
  const { data } = await client.rest({
    token,
    repository: fullName(repository),
    // A renamed repository answers with a redirect, which is followed.
    route: 'GET /repos/{owner}/{repo}',
    parameters: { owner, repo: name },
  });
  const parsed = settingsSchema.safeParse(data);
  if (!parsed.success) throw notUnderstood(`it described no repository ${fullName(repository)}`);
  const { allow_squash_merge, allow_merge_commit, allow_rebase_merge } = parsed.data;
  const allowed: [MergeMethod, boolean][] = [
    ['squash', allow_squash_merge !== false],
    ['merge', allow_merge_commit !== false],
    ['rebase', allow_rebase_merge !== false],
  ];
  const methods = allowed.filter(([, isAllowed]) => isAllowed).map(([method]) => method);
  return { owner: parsed.data.owner.login, name: parsed.data.name, methods };
}
