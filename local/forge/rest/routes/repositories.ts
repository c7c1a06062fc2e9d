import * as z from 'zod';
import { requireWrite } from '../../access.ts';
import { countCommits, listCommits, mergeBase, resolveCommit, updateRef } from '../../git/repository.ts';
import { noticeMovedRefs } from '../../pull-requests/moved-refs.ts';
import { Refusal, notFound } from '../../refusal.ts';
import { fullName, type Repository } from '../../state/repository.ts';
import { parseBody } from '../body.ts';
import { pageOf } from '../page.ts';
import type { RepositoryRequest, RepositoryRoute } from '../route.ts';
import { commitShape, repositoryDetails, repositoryShape, repositoryUrl } from '../shapes.ts';

const branchShape = (repository: Repository, name: string, sha: string) => ({
  name,
  commit: { sha },
  protected: repository.protections.has(name),
});

const refShape = ({ world, repository }: RepositoryRequest, branch: string, sha: string) => ({
  ref: `refs/heads/${branch}`,
  url: `${repositoryUrl(world, repository)}/git/refs/heads/${branch}`,
  object: { type: 'commit', sha },
});

/** @throws Refusal 404 */
function headOf({ repository, params }: RepositoryRequest): { branch: string; sha: string } {
  const branch = params['branch'] ?? '';
  const sha = repository.branches.get(branch);
  if (sha === undefined) throw new Refusal(404, 'Branch not found');
  return { branch, sha };
}

const refuseProtected = (repository: Repository, branch: string): void => {
  if (repository.protections.has(branch)) throw new Refusal(422, 'Cannot update this protected ref.');
};

/** A repository, its branches and its commits. */
export const repositoryRoutes: readonly RepositoryRoute[] = [
  {
    method: 'GET',
    template: '',
    handle: ({ world, repository, actor }) => ({
      status: 200,
      body: { ...repositoryShape(world, repository), ...repositoryDetails(repository, actor.login) },
    }),
  },
  {
    method: 'GET',
    template: '/branches',
    handle(request) {
      const { repository } = request;
      const path = `/repos/${fullName(repository)}/branches`;
      const { items, headers } = pageOf(request, path, [...repository.branches]);
      return { status: 200, headers, body: items.map(([name, sha]) => branchShape(repository, name, sha)) };
    },
  },
  {
    method: 'GET',
    template: '/branches/{+branch}',
    handle(request) {
      const { branch, sha } = headOf(request);
      return { status: 200, body: branchShape(request.repository, branch, sha) };
    },
  },
  {
    method: 'GET',
    template: '/git/ref/heads/{+branch}',
    handle(request) {
      const sha = request.repository.branches.get(request.params['branch'] ?? '');
      if (sha === undefined) throw notFound();
      return { status: 200, body: refShape(request, request.params['branch'] ?? '', sha) };
    },
  },
  {
    method: 'GET',
    template: '/git/matching-refs/heads/{+branch}',
    handle: (request) => ({
      status: 200,
      body: [...request.repository.branches]
        .filter(([name]) => name.startsWith(request.params['branch'] ?? ''))
        .map(([name, sha]) => refShape(request, name, sha)),
    }),
  },
  {
    method: 'POST',
    template: '/git/refs',
    async handle(request) {
      const { world, repository, actor } = request;
      requireWrite(repository, actor);
      const schema = z.object({ ref: z.string().startsWith('refs/heads/'), sha: z.string() });
      const { ref, sha } = parseBody(schema, request.body);
      const branch = ref.slice('refs/heads/'.length);
      if (repository.branches.has(branch)) throw new Refusal(422, 'Reference already exists');
      const after = await resolveCommit(repository.directory, sha);
      if (after === undefined) throw new Refusal(422, 'Object does not exist');
      await updateRef(repository.directory, ref, { after });
      await noticeMovedRefs(world, repository, actor.login);
      return { status: 201, body: refShape(request, branch, after) };
    },
  },
  {
    method: 'PATCH',
    template: '/git/refs/heads/{+branch}',
    async handle(request) {
      const { world, repository, actor } = request;
      requireWrite(repository, actor);
      const schema = z.object({ sha: z.string(), force: z.boolean().optional() });
      const wanted = parseBody(schema, request.body);
      const branch = request.params['branch'] ?? '';
      const before = repository.branches.get(branch);
      const after = await resolveCommit(repository.directory, wanted.sha);
      if (before === undefined) throw new Refusal(422, 'Reference does not exist');
      if (after === undefined) throw new Refusal(422, 'Object does not exist');
      refuseProtected(repository, branch);
      const isForward = (await mergeBase(repository.directory, before, after)) === before;
      if (!isForward && wanted.force !== true) throw new Refusal(422, 'Update is not a fast forward');
      await updateRef(repository.directory, `refs/heads/${branch}`, { before, after });
      await noticeMovedRefs(world, repository, actor.login);
      return { status: 200, body: refShape(request, branch, after) };
    },
  },
  {
    method: 'DELETE',
    template: '/git/refs/heads/{+branch}',
    async handle(request) {
      const { world, repository, actor } = request;
      requireWrite(repository, actor);
      const branch = request.params['branch'] ?? '';
      const before = repository.branches.get(branch);
      if (before === undefined) throw new Refusal(422, 'Reference does not exist');
      refuseProtected(repository, branch);
      await updateRef(repository.directory, `refs/heads/${branch}`, { before });
      await noticeMovedRefs(world, repository, actor.login);
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    template: '/compare/{+basehead}',
    async handle({ world, repository, params }) {
      const { directory } = repository;
      const [from = '', to = ''] = (params['basehead'] ?? '').split('...', 2);
      const [base, head] = await Promise.all([resolveCommit(directory, from), resolveCommit(directory, to)]);
      if (base === undefined || head === undefined) throw notFound();
      const common = await mergeBase(directory, base, head);
      if (common === undefined) throw new Refusal(404, `No common ancestor between ${from} and ${to}.`);
      const ahead = await countCommits(directory, base, head);
      const behind = await countCommits(directory, head, base);
      const status = ahead > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical';
      const commits = await listCommits(directory, base, head);
      return {
        status: 200,
        body: {
          status,
          ahead_by: ahead,
          behind_by: behind,
          total_commits: ahead,
          merge_base_commit: { sha: common },
          commits: commits.map((commit) => commitShape(world, repository, commit)),
        },
      };
    },
  },
];
