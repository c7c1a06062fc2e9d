import type { Check } from './check.ts';
import type { MergeMethod, Protection } from './protection.ts';
import type { PullRequest } from './pull-request.ts';

export type Permission = 'read' | 'write' | 'admin';

export interface Repository {
  readonly id: number;
  readonly nodeId: string;
  owner: string;
  name: string;
  /** The bare repository; stays where it is when the repository is renamed. */
  readonly directory: string;
  readonly defaultBranch: string;
  readonly isPrivate: boolean;
  readonly access: Map<string, Permission>;
  mergeMethods: readonly MergeMethod[];
  deletesMergedBranches: boolean;
  /** By branch. */
  readonly protections: Map<string, Protection>;
  /** The heads as the forge last saw them. */
  branches: Map<string, string>;
  /** By number. */
  readonly pulls: Map<number, PullRequest>;
  /** By commit. */
  readonly checks: Map<string, Check[]>;
}

export const fullName = ({ owner, name }: Pick<Repository, 'owner' | 'name'>): string => `${owner}/${name}`;

export const mayWrite = (repository: Repository, login: string): boolean =>
  ['write', 'admin'].includes(repository.access.get(login) ?? '');
