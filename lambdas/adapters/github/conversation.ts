import type { ForgeConversation } from '../../../core/forge-conversation.ts';
import type { ForgeRepository } from '../../../core/ports.ts';
import { githubHostOf } from '../../../core/town/config/github-host.ts';
import { readChecks, readLog } from './check-reports.ts';
import { createGitHubClient, type GitHubClientOptions } from './client.ts';
import { repositoryOf } from './repository.ts';
import { readThreads, replyInThread, resolveThread, type ConversationDeps } from './threads.ts';

export function createGitHubConversation(options: GitHubClientOptions): ForgeConversation {
  const githubHost = githubHostOf(options.apiUrl);
  const client = createGitHubClient(options);
  const within = ({ gitUrl, token }: ForgeRepository): ConversationDeps => ({
    client,
    repository: repositoryOf(gitUrl, githubHost),
    token,
  });
  return {
    threads: async (repository, pullRequest) => readThreads(within(repository), pullRequest),
    reply: async (repository, pullRequest, reply) => replyInThread(within(repository), pullRequest, reply),
    resolve: async (repository, pullRequest, thread) =>
      resolveThread(within(repository), pullRequest, thread),
    checks: async (repository, pullRequest) => readChecks(within(repository), pullRequest),
    log: async (repository, pullRequest, check) => readLog(within(repository), pullRequest, check),
  };
}
