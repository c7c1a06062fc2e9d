import type { RepositoryName } from './repository.ts';

export interface WantedPullRequest extends RepositoryName {
  readonly number: number;
}

export interface PullRequestsQuery {
  readonly query: string;
  readonly variables: Readonly<Record<string, string | number>>;
  /** Where the answer to each stands in `data`, in the order in which they were asked for. */
  readonly places: readonly { readonly repository: string; readonly pullRequest: string }[];
}

/** What is read of each. The lists are GitHub's largest pages: what has more is not read to its end, and not green. */
const FIELDS = `
fragment PullRequestFields on PullRequest {
  number
  url
  state
  isDraft
  headRefOid
  headRefName
  baseRefName
  mergeCommit { oid }
  mergeable
  mergeStateStatus
  reviewDecision
  isInMergeQueue
  latestOpinionatedReviews(first: 100) {
    nodes { state body author { login } commit { oid } }
    pageInfo { hasNextPage }
  }
  reviewThreads(first: 100) {
    nodes {
      isResolved
      path
      line
      comments(first: 5) { nodes { body author { login } } }
    }
    pageInfo { hasNextPage }
  }
  statusCheckRollup {
    contexts(first: 100) {
      nodes {
        __typename
        ... on CheckRun {
          name
          status
          conclusion
          startedAt
          checkSuite { workflowRun { event workflow { name } } }
        }
        ... on StatusContext { context state }
      }
      pageInfo { hasNextPage }
    }
  }
}`;

/** One query for many pull requests of many repositories: an alias each, and values as variables only. */
export function pullRequestsQuery(wanted: readonly WantedPullRequest[]): PullRequestsQuery {
  const variables: Record<string, string | number> = {};
  const declared: string[] = [];
  const declare = (name: string, type: string, value: string | number): void => {
    variables[name] = value;
    declared.push(`$${name}: ${type}`);
  };
  /** By the repository's name: its alias, and the fields of its pull requests. */
  const repositories = new Map<string, { alias: string; index: number; fields: string[] }>();
  const places = wanted.map(({ owner, name, number }, index) => {
    const key = `${owner}/${name}`.toLowerCase();
    let repository = repositories.get(key);
    if (repository === undefined) {
      const at = repositories.size;
      repository = { alias: `repository${at}`, index: at, fields: [] };
      repositories.set(key, repository);
      declare(`owner${at}`, 'String!', owner);
      declare(`name${at}`, 'String!', name);
    }
    const alias = `pullRequest${index}`;
    declare(`number${index}`, 'Int!', number);
    repository.fields.push(`    ${alias}: pullRequest(number: $number${index}) { ...PullRequestFields }`);
    return { repository: repository.alias, pullRequest: alias };
  });
  const selections = [...repositories.values()].map(
    ({ alias, index, fields }) =>
      `  ${alias}: repository(owner: $owner${index}, name: $name${index}) {\n${fields.join('\n')}\n  }`,
  );
  const query = `query PullRequests(${declared.join(', ')}) {\n${selections.join('\n')}\n}${FIELDS}\n`;
  return { query, variables, places };
}
