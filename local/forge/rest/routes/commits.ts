import * as z from 'zod';
import { requireWrite } from '../../access.ts';
import { readCommit, resolveCommit } from '../../git/repository.ts';
import { checksOf, reportStatus } from '../../pull-requests/checks.ts';
import { Refusal, notFound } from '../../refusal.ts';
import { fullName } from '../../state/repository.ts';
import { checkOutcome, type CheckRun } from '../../state/check.ts';
import { parseBody } from '../body.ts';
import { pageOf } from '../page.ts';
import type { RepositoryRequest, RepositoryRoute } from '../route.ts';
import { checkRunShape, commitShape, repositoryShape, statusShape } from '../shapes.ts';

/** A commit by its name or by a branch. @throws Refusal 422 */
async function commitOf({ repository, params }: RepositoryRequest): Promise<string> {
  const name = params['ref'] ?? '';
  const sha = repository.branches.get(name) ?? (await resolveCommit(repository.directory, name));
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${name}`);
  return sha;
}

/** @throws Refusal 404 */
function checkRunOf({ repository, params }: RepositoryRequest, name: string): CheckRun {
  const id = Number(params[name]);
  const all = [...repository.checks.values()].flat();
  const run = all.find((check) => check.kind === 'checkRun' && check.id === id);
  if (run?.kind !== 'checkRun') throw notFound();
  return run;
}

/** What is said about commits. */
export const commitRoutes: readonly RepositoryRoute[] = [
  {
    method: 'GET',
    template: '/check-runs/{check_run_id}',
    handle(request) {
      const check = checkRunOf(request, 'check_run_id');
      return { status: 200, body: checkRunShape(request.world, request.repository, check) };
    },
  },
  {
    method: 'GET',
    template: '/actions/jobs/{job_id}/logs',
    handle(request) {
      const { id, log } = checkRunOf(request, 'job_id');
      if (log === undefined) throw notFound();
      // It lies elsewhere, at an address that is good for a minute.
      return { status: 302, headers: { location: `${request.world.urls.web}/logs/${id}` } };
    },
  },
  {
    method: 'GET',
    template: '/commits/{ref}',
    async handle(request) {
      const { world, repository } = request;
      const commit = await readCommit(repository.directory, await commitOf(request));
      return { status: 200, body: commitShape(world, repository, commit) };
    },
  },
  {
    method: 'GET',
    template: '/commits/{+ref}/check-runs',
    async handle(request) {
      const { world, repository } = request;
      const sha = await commitOf(request);
      const runs = checksOf(repository, sha).filter((check) => check.kind === 'checkRun');
      const path = `/repos/${fullName(repository)}/commits/${sha}/check-runs`;
      const { items, headers } = pageOf(request, path, runs);
      const check_runs = items.map((check) => checkRunShape(world, repository, check));
      return { status: 200, headers, body: { total_count: runs.length, check_runs } };
    },
  },
  {
    method: 'GET',
    template: '/commits/{+ref}/status',
    async handle(request) {
      const { world, repository } = request;
      const sha = await commitOf(request);
      const statuses = checksOf(repository, sha).filter((check) => check.kind === 'status');
      const outcomes = statuses.map(checkOutcome);
      const isPending = outcomes.length === 0 || outcomes.includes('pending');
      const state = outcomes.includes('failed') ? 'failure' : isPending ? 'pending' : 'success';
      const body = {
        sha,
        state,
        total_count: statuses.length,
        statuses: statuses.map((status) => statusShape(world, status)),
        repository: repositoryShape(world, repository),
      };
      return { status: 200, body };
    },
  },
  {
    method: 'POST',
    template: '/statuses/{ref}',
    async handle(request) {
      const { world, repository, actor } = request;
      requireWrite(repository, actor, 'statuses');
      const sha = await commitOf(request);
      const schema = z.object({
        state: z.enum(['pending', 'success', 'failure', 'error']),
        context: z.string().optional(),
        description: z.string().nullish(),
      });
      const { state, context = 'default', description } = parseBody(schema, request.body);
      const report = { state, context, description: description ?? '', creator: actor.login };
      return { status: 201, body: statusShape(world, reportStatus(world, repository, sha, report)) };
    },
  },
];
