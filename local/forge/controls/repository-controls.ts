import { identityOf } from '../git/run.ts';
import { createBareRepository, updateRef, writeProtectedBranches } from '../git/repository.ts';
import { writeCommit, type Files } from '../git/write-commit.ts';
import { noticeMovedRefs } from '../pull-requests/moved-refs.ts';
import { openPull } from '../pull-requests/open.ts';
import { Refusal } from '../refusal.ts';
import { MERGE_METHODS, NO_RULES, type MergeMethod, type Protection } from '../state/protection.ts';
import { fullName, type Permission, type Repository } from '../state/repository.ts';
import type { World } from '../world.ts';
import { pullRequestControls, type PullRequestControls } from './pull-request-controls.ts';
import type { Turn } from './turn.ts';

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  /** Of its first commit. @default a README */
  readonly files?: Files;
  /** @default main */
  readonly defaultBranch?: string;
  /** Who may do what. The owner is its admin. */
  readonly access?: Readonly<Record<string, Permission>>;
  /** @default true: without a token it does not exist */
  readonly isPrivate?: boolean;
  /** @default all */
  readonly mergeMethods?: readonly MergeMethod[];
  /** @default false */
  readonly deletesMergedBranches?: boolean;
}

/** What people do with a repository, without the API. */
export interface RepositoryControls {
  readonly state: Readonly<Repository>;
  /** The whole protection of a branch; what is not said is not wanted. */
  protect(branch: string, rules: Partial<Protection>): Promise<void>;
  unprotect(branch: string): Promise<void>;
  configure(settings: {
    mergeMethods?: readonly MergeMethod[];
    deletesMergedBranches?: boolean;
  }): Promise<void>;
  /** Without a permission: they have none any more. */
  grant(login: string, permission: Permission | undefined): Promise<void>;
  /** The old name leads to the new one. */
  rename(owner: string, name: string): Promise<void>;
  remove(): Promise<void>;
  /**
   * A commit on a branch, pushed by an admin whom no protection stops. A branch that is not there begins at the default branch.
   * @param commit.from begins there instead: a force push, where the branch is somewhere else
   */
  commit(
    branch: string,
    commit: { files: Files; author?: string; message?: string; from?: string },
  ): Promise<string>;
  deleteBranch(branch: string, by: string): Promise<void>;
  head(branch: string): string | undefined;
  openPull(pull: {
    head: string;
    base?: string;
    title?: string;
    body?: string;
    isDraft?: boolean;
    author: string;
  }): Promise<PullRequestControls>;
  /** @throws when there is none of that number */
  pull(number: number): PullRequestControls;
  /** All of them, by number. */
  pulls(): PullRequestControls[];
}

export async function createRepository(world: World, wanted: NewRepository): Promise<Repository> {
  const { owner, name, defaultBranch = 'main', files = { 'README.md': `# ${name}\n` } } = wanted;
  const key = fullName(wanted).toLowerCase();
  if (world.repositories.has(key)) throw new Refusal(422, 'name already exists on this account');
  const pair = world.ids.pair('R');
  // By number: a repository keeps its place when its name goes to another one.
  const directory = `${world.directory}/${pair.id}.git`;
  await createBareRepository(directory, defaultBranch);
  const at = world.now();
  const author = identityOf(owner);
  const begin = { branch: defaultBranch, parent: undefined, files, message: 'Begin', author, at };
  const first = await writeCommit(directory, begin);
  const repository: Repository = {
    ...pair,
    owner,
    name,
    directory,
    defaultBranch,
    isPrivate: wanted.isPrivate ?? true,
    access: new Map([[owner, 'admin'], ...Object.entries(wanted.access ?? {})]),
    mergeMethods: wanted.mergeMethods ?? MERGE_METHODS,
    deletesMergedBranches: wanted.deletesMergedBranches ?? false,
    protections: new Map(),
    branches: new Map([[defaultBranch, first]]),
    pulls: new Map(),
    checks: new Map(),
  };
  world.repositories.set(key, repository);
  world.formerNames.delete(key);
  world.nodes.set(repository.nodeId, { kind: 'repository', repository });
  return repository;
}

export function repositoryControls(world: World, repository: Repository, turn: Turn): RepositoryControls {
  const { directory, protections, owner: firstOwner } = repository;
  const setRules = (branch: string, rules: Partial<Protection> | undefined): Promise<void> =>
    turn(async () => {
      if (rules === undefined) protections.delete(branch);
      else protections.set(branch, { ...NO_RULES, ...rules });
      await writeProtectedBranches(directory, [...protections.keys()]);
    });

  const commit: RepositoryControls['commit'] = (branch, wanted) =>
    turn(async () => {
      const { files, author = firstOwner, message = `Change ${Object.keys(files).join(', ')}` } = wanted;
      const { branches, defaultBranch } = repository;
      const parent = wanted.from ?? branches.get(branch) ?? branches.get(defaultBranch);
      const identity = identityOf(author);
      const at = world.now();
      const after = await writeCommit(directory, { branch, parent, files, message, author: identity, at });
      await noticeMovedRefs(world, repository, author);
      return after;
    });

  const pull = (number: number): PullRequestControls => {
    const found = repository.pulls.get(number);
    if (found === undefined) throw new Error(`no pull request ${number} in ${fullName(repository)}`);
    return pullRequestControls(world, found, turn, commit);
  };

  return {
    state: repository,
    protect: setRules,
    unprotect: (branch) => setRules(branch, undefined),
    configure: (settings) => turn(() => void Object.assign(repository, settings)),
    grant: (login, permission) =>
      turn(() => {
        if (permission === undefined) repository.access.delete(login);
        else repository.access.set(login, permission);
      }),
    rename: (owner, name) =>
      turn(() => {
        const before = fullName(repository).toLowerCase();
        world.repositories.delete(before);
        world.formerNames.set(before, repository);
        Object.assign(repository, { owner, name });
        world.repositories.set(fullName(repository).toLowerCase(), repository);
      }),
    remove: () =>
      turn(() => {
        world.repositories.delete(fullName(repository).toLowerCase());
        for (const [name, former] of world.formerNames)
          if (former === repository) world.formerNames.delete(name);
      }),
    commit,
    deleteBranch: (branch, by) =>
      turn(async () => {
        await updateRef(directory, `refs/heads/${branch}`, { before: repository.branches.get(branch) });
        await noticeMovedRefs(world, repository, by);
      }),
    head: (branch) => repository.branches.get(branch),
    async openPull({ head, base = repository.defaultBranch, title = `About ${head}`, ...rest }) {
      const opened = await turn(() => openPull(world, repository, { head, base, title, ...rest }));
      return pullRequestControls(world, opened, turn, commit);
    },
    pull,
    pulls: () => [...repository.pulls.keys()].map(pull),
  };
}
