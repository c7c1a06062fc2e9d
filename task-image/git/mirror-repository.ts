import { askGit, gitFailure, runGit, tryGit, type GitOutcome, type RunGitOptions } from './git.ts';
import { GitError } from './git-error.ts';
import { redact } from './redact.ts';

export interface Credentials {
  username: string;
  password: string;
}

/** Asked before each command that goes to the remote; null when the remote needs none. */
export type CredentialSource = () => Promise<Credentials | null>;

export type PushOutcome = { outcome: 'pushed' } | { outcome: 'rejected'; reason: string };

type CommandOptions = Omit<RunGitOptions, 'cwd'>;

/** A first fetch of a large repository takes minutes. */
const FETCH_TIMEOUT_MS = 15 * 60_000;

/** Gives up a transfer that stands still; prunes nothing that a worktree may still borrow. */
const REMOTE_OPTIONS = ['-c', 'http.lowSpeedLimit=1', '-c', 'http.lowSpeedTime=60'];

/** Reads what it answers from the environment, so that no secret is in a command line or a file. */
const CREDENTIAL_HELPER =
  '!f() { test "$1" = get && echo "username=$GASTOWN_GIT_USERNAME" && echo "password=$GASTOWN_GIT_PASSWORD"; }; f';

/**
 * The bare mirror of one rig, as seen by a task that has it to itself (`Mirror.exclusive`).
 *
 *     refs/remotes/origin/*          branches of the remote
 *     refs/gastown/remote-wip/*      refs/gastown/wip/* of the remote: backups of agents' branches
 *     refs/heads/*                   branches that agents of this container pushed
 *     refs/gastown/candidates/*      trial merges, by merge request id
 */
export class MirrorRepository {
  readonly directory: string;
  readonly remoteUrl: string;
  readonly defaultBranch: string;
  readonly #credentials: CredentialSource | undefined;

  constructor(options: {
    directory: string;
    remoteUrl: string;
    defaultBranch: string;
    credentials: CredentialSource | undefined;
  }) {
    this.directory = options.directory;
    this.remoteUrl = options.remoteUrl;
    this.defaultBranch = options.defaultBranch;
    this.#credentials = options.credentials;
  }

  /** A local command in the mirror. @throws GitError */
  async git(args: readonly string[], options: CommandOptions = {}): Promise<string> {
    return runGit(args, { cwd: this.directory, ...options });
  }

  /** The commit that a ref or object name stands for; null when there is none. */
  async commit(name: string): Promise<string | null> {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
    const found = await tryGit(args, { cwd: this.directory });
    return found.exitCode === 0 ? found.stdout : null;
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return askGit(['merge-base', '--is-ancestor', ancestor, descendant], { cwd: this.directory });
  }

  /** Ref name → sha of everything below a prefix such as `refs/heads/`. */
  async refs(prefix: string): Promise<Map<string, string>> {
    const listed = await this.git(['for-each-ref', '--format=%(objectname) %(refname)', prefix]);
    const rows = listed.split('\n').filter((row) => row !== '');
    return new Map(rows.map((row) => [row.slice(row.indexOf(' ') + 1), row.slice(0, row.indexOf(' '))]));
  }

  async setRef(ref: string, sha: string): Promise<void> {
    await this.git(['update-ref', ref, sha]);
  }

  async deleteRef(ref: string): Promise<void> {
    await this.git(['update-ref', '-d', ref]);
  }

  /** Brings the remote's branches and backups up to date; what is gone there goes here. @throws GitError */
  async fetch(): Promise<void> {
    const refspecs = ['+refs/heads/*:refs/remotes/origin/*', '+refs/gastown/wip/*:refs/gastown/remote-wip/*'];
    const args = ['fetch', '--quiet', '--prune', '--no-write-fetch-head', this.remoteUrl, ...refspecs];
    const outcome = await this.#remote(args, FETCH_TIMEOUT_MS);
    if (outcome.exitCode !== 0) throw gitFailure(args, { cwd: this.directory }, outcome);
  }

  /**
   * Pushes to the remote. Leases are the only force there is: `[ref, expected sha or '' for absent]`.
   * @throws GitError for anything but a refusal of a ref
   */
  async push(
    refspecs: readonly string[],
    leases: readonly (readonly [string, string])[] = [],
  ): Promise<PushOutcome> {
    const leaseOptions = leases.map(([ref, sha]) => `--force-with-lease=${ref}:${sha}`);
    const args = ['push', '--porcelain', '--no-verify', ...leaseOptions, this.remoteUrl, ...refspecs];
    const outcome = await this.#remote(args, FETCH_TIMEOUT_MS);
    if (outcome.exitCode === 0) return { outcome: 'pushed' };
    const refused = outcome.stdout.split('\n').find((row) => row.startsWith('!\t'));
    if (refused === undefined) throw gitFailure(args, { cwd: this.directory }, outcome);
    const summary = refused.split('\t').slice(1).join(' ');
    const said = outcome.stderr.split('\n').filter((row) => row.startsWith('remote:'));
    return { outcome: 'rejected', reason: redact([summary, ...said].join('\n')).slice(0, 1000) };
  }

  async secrets(): Promise<string[]> {
    const credentials = (await this.#credentials?.()) ?? null;
    return credentials === null ? [] : [credentials.password];
  }

  /** Once more with fresh credentials when the remote did not take them: they are short-lived. */
  async #remote(args: readonly string[], timeoutMs: number): Promise<GitOutcome> {
    const first = await this.#authenticated(args, timeoutMs);
    if (first.exitCode === 0 || this.#credentials === undefined) return first;
    const isAuth = gitFailure(args, { cwd: this.directory }, first).kind === 'auth';
    return isAuth ? this.#authenticated(args, timeoutMs) : first;
  }

  async #authenticated(args: readonly string[], timeoutMs: number): Promise<GitOutcome> {
    const credentials = (await this.#credentials?.()) ?? null;
    const base = { cwd: this.directory, timeoutMs };
    if (credentials === null || !this.remoteUrl.startsWith('https:')) {
      return tryGit([...REMOTE_OPTIONS, ...args], base);
    }
    if (/[\r\n\0]/.test(credentials.username + credentials.password)) {
      throw new GitError({ kind: 'auth', message: 'the git credentials contain a line break' });
    }
    // Bound to the origin of the remote: a redirect to another host gets nothing.
    const helper = `credential.${new URL(this.remoteUrl).origin}.helper=${CREDENTIAL_HELPER}`;
    const outcome = await tryGit([...REMOTE_OPTIONS, '-c', helper, ...args], {
      ...base,
      env: {
        GASTOWN_GIT_USERNAME: credentials.username,
        GASTOWN_GIT_PASSWORD: credentials.password,
      },
      secrets: [credentials.password],
    });
    return { ...outcome, stderr: redact(outcome.stderr, [credentials.password]) };
  }
}
