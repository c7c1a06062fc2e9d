import * as z from 'zod';

/** Bodies and answers of `/v1/agent/pull-request/*`: the pull request is the one of the agent's work, and never named. */

const threadId = z.string().trim().min(1).max(200);

/** POST /v1/agent/pull-request/reply */
export const replyRequest = z.strictObject({ threadId, body: z.string().trim().min(1).max(8192) });
export type ReplyRequest = z.infer<typeof replyRequest>;

/** POST /v1/agent/pull-request/resolve */
export const resolveThreadRequest = z.strictObject({ threadId });
export type ResolveThreadRequest = z.infer<typeof resolveThreadRequest>;

export const pullRequestDone = z.looseObject({ message: z.string() });
export type PullRequestDone = z.infer<typeof pullRequestDone>;

const text = z.string().optional();

/** GET /v1/agent/pull-request/threads: those that are not resolved first. */
export const threadsAnswer = z.looseObject({
  number: z.number().int(),
  url: text,
  /** False: there are more. */
  isWhole: z.boolean(),
  items: z.array(
    z.looseObject({
      id: z.string(),
      isResolved: z.boolean(),
      isOutdated: z.boolean(),
      path: text,
      line: z.number().optional(),
      comments: z.array(
        z.looseObject({ author: z.string(), isBot: z.boolean(), at: z.string(), body: z.string() }),
      ),
    }),
  ),
});
export type ThreadsAnswer = z.infer<typeof threadsAnswer>;

/** GET /v1/agent/pull-request/checks: those that failed first. */
export const checksAnswer = z.looseObject({
  number: z.number().int(),
  url: text,
  isWhole: z.boolean(),
  items: z.array(
    z.looseObject({
      /** To ask the log by; absent: there is none. */
      id: text,
      name: z.string(),
      state: z.enum(['passed', 'failed', 'pending', 'unknown']),
      word: z.string(),
      summary: text,
      url: text,
    }),
  ),
});
export type ChecksAnswer = z.infer<typeof checksAnswer>;

/** GET /v1/agent/pull-request/logs?checkId= */
export const logsQuery = z.strictObject({ checkId: z.string().trim().min(1).max(40) });
export const logAnswer = z.looseObject({ text: z.string(), isCut: z.boolean() });
export type LogAnswer = z.infer<typeof logAnswer>;
