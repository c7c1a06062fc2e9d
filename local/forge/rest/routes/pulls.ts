import * as z from 'zod';
import { requireWrite } from '../../access.ts';
import { commitsOf } from '../../pull-requests/commits.ts';
import { closePull, editPull, reopenPull } from '../../pull-requests/lifecycle.ts';
import { mergePull, updateBranch } from '../../pull-requests/merge.ts';
import { mergeStateOf } from '../../pull-requests/merge-refusals.ts';
import { knownMergeability } from '../../pull-requests/mergeability.ts';
import { openPull } from '../../pull-requests/open.ts';
import { notFound } from '../../refusal.ts';
import { MERGE_METHODS, type MergeMethod } from '../../state/protection.ts';
import type { PullRequest } from '../../state/pull-request.ts';
import { fullName } from '../../state/repository.ts';
import type { World } from '../../world.ts';
import { parseBody } from '../body.ts';
import { pageOf } from '../page.ts';
import type { RepositoryRequest, RepositoryRoute } from '../route.ts';
import { commitShape, pullShape, repositoryUrl } from '../shapes.ts';

/** @throws Refusal 404 */
export function pullOf({ repository, params }: RepositoryRequest): PullRequest {
  const pull = repository.pulls.get(Number(params['pull_number'] ?? params['issue_number']));
  if (pull === undefined) throw notFound();
  return pull;
}

async function detailed(world: World, pull: PullRequest): Promise<object> {
  const computed = await knownMergeability(world, pull);
  const state = (await mergeStateOf(world, pull)).toLowerCase();
  return pullShape(world, pull, { mergeable: computed?.isClean ?? null, state });
}

const newPull = z.object({
  title: z.string().min(1),
  head: z.string().min(1),
  base: z.string().min(1),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
});

const pullEdit = z.object({
  title: z.string().min(1).optional(),
  body: z.string().nullish(),
  base: z.string().optional(),
  state: z.enum(['open', 'closed']).optional(),
});

const mergeBody = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(MERGE_METHODS as [MergeMethod, ...MergeMethod[]]).optional(),
});

export const pullRoutes: readonly RepositoryRoute[] = [
  {
    method: 'GET',
    template: '/pulls',
    handle(request) {
      const { world, repository, query } = request;
      const state = query.get('state') ?? 'open';
      const [head, base] = [query.get('head'), query.get('base')];
      // Without an owner GitHub ignores the filter.
      const hasHead = head?.includes(':') === true;
      const owned = (pull: PullRequest): string => `${repository.owner}:${pull.head}`;
      const found = [...repository.pulls.values()]
        .filter((pull) => state === 'all' || pull.state === state)
        .filter((pull) => !hasHead || owned(pull).toLowerCase() === head.toLowerCase())
        .filter((pull) => base === null || pull.base === base)
        .sort((a, b) => b.number - a.number);
      if (query.get('direction') === 'asc') found.reverse();
      const { items, headers } = pageOf(request, `/repos/${fullName(repository)}/pulls`, found);
      return { status: 200, headers, body: items.map((pull) => pullShape(world, pull, undefined)) };
    },
  },
  {
    method: 'POST',
    template: '/pulls',
    async handle({ world, repository, actor, body }) {
      requireWrite(repository, actor, 'pull_requests');
      const { title, head, base, body: text, draft } = parseBody(newPull, body);
      const wanted = { title, head, base, body: text ?? '', isDraft: draft ?? false, author: actor.login };
      const pull = await openPull(world, repository, wanted);
      return {
        status: 201,
        headers: { location: `${repositoryUrl(world, repository)}/pulls/${pull.number}` },
        body: await detailed(world, pull),
      };
    },
  },
  {
    method: 'GET',
    template: '/pulls/{pull_number}',
    handle: async (request) => ({ status: 200, body: await detailed(request.world, pullOf(request)) }),
  },
  {
    method: 'PATCH',
    template: '/pulls/{pull_number}',
    async handle(request) {
      const { world, repository, actor } = request;
      requireWrite(repository, actor, 'pull_requests');
      const pull = pullOf(request);
      const { state, title, base, body } = parseBody(pullEdit, request.body);
      await editPull(world, pull, { title, base, body: body ?? undefined }, actor.login);
      if (state === 'closed') closePull(world, pull, actor.login);
      if (state === 'open') reopenPull(world, pull, actor.login);
      return { status: 200, body: await detailed(world, pull) };
    },
  },
  {
    method: 'GET',
    template: '/pulls/{pull_number}/commits',
    async handle(request) {
      const { world, repository } = request;
      const pull = pullOf(request);
      const path = `/repos/${fullName(repository)}/pulls/${pull.number}/commits`;
      const { items, headers } = pageOf(request, path, await commitsOf(pull));
      return { status: 200, headers, body: items.map((commit) => commitShape(world, repository, commit)) };
    },
  },
  {
    method: 'GET',
    template: '/pulls/{pull_number}/merge',
    handle(request) {
      if (pullOf(request).merged === undefined) throw notFound();
      return { status: 204 };
    },
  },
  {
    method: 'PUT',
    template: '/pulls/{pull_number}/merge',
    async handle(request) {
      const { world, repository, actor } = request;
      requireWrite(repository, actor);
      const pull = pullOf(request);
      const wanted = parseBody(mergeBody, request.body);
      const sha = await mergePull(world, pull, {
        method: wanted.merge_method ?? 'merge',
        sha: wanted.sha,
        title: wanted.commit_title,
        message: wanted.commit_message,
        by: actor.login,
      });
      return { status: 200, body: { sha, merged: true, message: 'Pull Request successfully merged' } };
    },
  },
  {
    method: 'PUT',
    template: '/pulls/{pull_number}/update-branch',
    async handle(request) {
      const { world, repository, actor } = request;
      requireWrite(repository, actor);
      const pull = pullOf(request);
      const { expected_head_sha: expectedHead } = parseBody(
        z.object({ expected_head_sha: z.string().optional() }),
        request.body,
      );
      await updateBranch(world, pull, { expectedHead, by: actor.login });
      const url = `${repositoryUrl(world, repository)}/pulls/${pull.number}`;
      return { status: 202, body: { message: 'Updating pull request branch.', url } };
    },
  },
];
