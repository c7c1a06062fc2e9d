import type { Check, PullRequestSnapshot } from '../../../core/pull-request/snapshot.ts';
import { isWhole, type CheckNode, type CheckRunNode, type PullRequestNode } from './node.ts';

/** `STALE`: GitHub gave up on it. GitHub's own rule: neutral and skipped checks do not keep from merging. */
const CONCLUSIONS: Readonly<Record<string, Check['state']>> = {
  SUCCESS: 'passed',
  NEUTRAL: 'passed',
  SKIPPED: 'passed',
  FAILURE: 'failed',
  TIMED_OUT: 'failed',
  CANCELLED: 'failed',
  ACTION_REQUIRED: 'failed',
  STARTUP_FAILURE: 'failed',
  STALE: 'failed',
};
/** Of runs without a conclusion. */
const UNDER_WAY = new Set(['QUEUED', 'IN_PROGRESS', 'WAITING', 'PENDING', 'REQUESTED']);
const STATUSES: Readonly<Record<string, Check['state']>> = {
  SUCCESS: 'passed',
  EXPECTED: 'pending',
  PENDING: 'pending',
  ERROR: 'failed',
  FAILURE: 'failed',
};

/** Undefined: not answered. */
export function checksOf({
  statusCheckRollup,
  mergeStateStatus,
}: PullRequestNode): PullRequestSnapshot['checks'] {
  if (statusCheckRollup === undefined) return undefined;
  const contexts = statusCheckRollup?.contexts ?? { nodes: [], pageInfo: { hasNextPage: false } };
  const items = latest(contexts.nodes.filter((node) => node !== undefined)).map(checkOf);
  // GitHub's word for a check that has not passed; where none of those read is one, there is one that was not.
  const isContradicted = mergeStateStatus === 'UNSTABLE' && items.every(({ state }) => state === 'passed');
  return { items, isComplete: isWhole(contexts) && !isContradicted };
}

function checkOf(node: CheckNode): Check {
  if (node.__typename === 'StatusContext') return { name: node.context, state: statusState(node.state) };
  return { name: node.name, state: checkState(node) };
}

/** What GitHub's words for a commit status mean. */
export const statusState = (word: string | undefined): Check['state'] => of(STATUSES, word) ?? 'unknown';

/** What GitHub's words for a check run mean: null while there is no conclusion. */
export function checkState({
  status,
  conclusion,
}: Pick<CheckRunNode, 'status' | 'conclusion'>): Check['state'] {
  if (conclusion !== null) return of(CONCLUSIONS, conclusion) ?? 'unknown';
  return UNDER_WAY.has(status ?? '') ? 'pending' : 'unknown';
}

const of = <T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined =>
  key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;

/**
 * A workflow that was started again for the same commit leaves its earlier runs in the list, cancelled ones too: the one that started last
 * counts, and one that has not started is later than any (as GitHub's own command line has it).
 */
function latest(nodes: readonly CheckNode[]): CheckNode[] {
  const newest = new Map<string, CheckRunNode>();
  for (const node of nodes) {
    const key = sameRun(node);
    if (key === undefined || node.__typename !== 'CheckRun') continue;
    const before = newest.get(key);
    if (before === undefined || startOf(node) > startOf(before)) newest.set(key, node);
  }
  return nodes.filter((node) => {
    const key = sameRun(node);
    return key === undefined || newest.get(key) === node;
  });
}

/** Undefined: it stands for itself. */
function sameRun(node: CheckNode): string | undefined {
  if (node.__typename !== 'CheckRun' || node.checkSuite?.workflowRun == null) return undefined;
  const { event, workflow } = node.checkSuite.workflowRun;
  return JSON.stringify([node.name, workflow.name, event]);
}

const startOf = ({ startedAt }: CheckRunNode): number => {
  const at = Date.parse(startedAt ?? '');
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
};
