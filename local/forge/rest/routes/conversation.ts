import * as z from 'zod';
import { requireWrite } from '../../access.ts';
import { newComment, submitReview } from '../../pull-requests/reviews.ts';
import { fullName } from '../../state/repository.ts';
import { parseBody } from '../body.ts';
import { pageOf } from '../page.ts';
import type { RepositoryRoute } from '../route.ts';
import { commentShape, reviewShape } from '../shapes.ts';
import { pullOf } from './pulls.ts';

const REVIEW_STATES = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
} as const;

const newReview = z.object({
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
  body: z.string().optional(),
});

/** Comments and reviews. */
export const conversationRoutes: readonly RepositoryRoute[] = [
  {
    method: 'GET',
    template: '/issues/{issue_number}/comments',
    handle(request) {
      const { world, repository } = request;
      const pull = pullOf(request);
      const path = `/repos/${fullName(repository)}/issues/${pull.number}/comments`;
      const { items, headers } = pageOf(request, path, pull.comments);
      return { status: 200, headers, body: items.map((comment) => commentShape(world, pull, comment)) };
    },
  },
  {
    method: 'POST',
    template: '/issues/{issue_number}/comments',
    handle(request) {
      const { world, repository, actor } = request;
      requireWrite(repository, actor, 'pull_requests');
      const pull = pullOf(request);
      const { body } = parseBody(z.object({ body: z.string().min(1) }), request.body);
      const comment = newComment(world, pull, actor.login, body);
      pull.comments.push(comment);
      return { status: 201, body: commentShape(world, pull, comment) };
    },
  },
  {
    method: 'GET',
    template: '/pulls/{pull_number}/reviews',
    handle(request) {
      const { world, repository } = request;
      const pull = pullOf(request);
      const path = `/repos/${fullName(repository)}/pulls/${pull.number}/reviews`;
      const { items, headers } = pageOf(request, path, pull.reviews);
      return { status: 200, headers, body: items.map((review) => reviewShape(world, pull, review)) };
    },
  },
  {
    method: 'POST',
    template: '/pulls/{pull_number}/reviews',
    handle(request) {
      const { world, repository, actor } = request;
      requireWrite(repository, actor, 'pull_requests');
      const pull = pullOf(request);
      const { event, body = '' } = parseBody(newReview, request.body);
      const review = submitReview(world, pull, { author: actor.login, state: REVIEW_STATES[event], body });
      return { status: 200, body: reviewShape(world, pull, review) };
    },
  },
];
