import { createIds } from '../../../core/ids.ts';
import type { JobResult, JobSpec } from '../../../core/protocol/job.ts';
import { reconcile } from '../../../core/reconcile.ts';
import { minutes, seconds } from '../../../core/town/instant.ts';
import type { Town } from '../../../core/town/town.ts';
import { createRandom } from '../../contract/loop/virtual-time.ts';
import { commit } from '../../unit/core/commit.ts';
import {
  container,
  mergeRequest,
  observed,
  reviewedBead,
  rig,
  sha,
  T0,
  town,
} from '../../unit/core/town-builder.ts';
import type { Goal } from '../goal.ts';

const REQUESTS = 100;
/** One in twenty has a gate that always fails. */
const RED = 0.05;
/** One in five has a gate that fails one time in five. */
const FLAKY = 0.2;
const FLAKE_RATE = 0.2;
const GATES_MS = minutes(10);
const MERGE_MS = seconds(10);
const MAX_STEPS = 20_000;

/** A queue of merge requests that all wait from the beginning, through the core alone. */
function runQueue(seed: number): { checks: number; waits: number[]; overtakes: number; left: number } {
  const random = createRandom(seed);
  const kinds = new Map<string, 'red' | 'flaky' | 'green'>();
  const ids = Array.from({ length: REQUESTS }, (_, n) => `m${String(n).padStart(3, '0')}`);
  for (const id of ids) {
    const lot = random();
    kinds.set(id, lot < RED ? 'red' : lot < RED + FLAKY ? 'flaky' : 'green');
  }
  let commits = 1000;
  let state: Town = town({
    rigs: [rig({ config: { refinery: { gates: ['npm test'], codeReview: false } } })],
    // A bead that comes back has nobody to work on it: only the queue is looked at.
    beads: ids.map((id) => reviewedBead(`b-${id}`, { isHeld: true })),
    mergeRequests: ids.map((id, n) =>
      mergeRequest(id, `b-${id}`, { headSha: sha(n + 1), createdAt: T0 + n }),
    ),
    container: container('running'),
    observed: observed(),
  });
  let now = T0;
  let checks = 0;
  const merged: { id: string; at: number }[] = [];
  const failed = (id: string): boolean =>
    kinds.get(id) === 'red' || (kinds.get(id) === 'flaky' && random() < FLAKE_RATE);
  const resultOf = (job: JobSpec): JobResult => {
    if (job.kind === 'merge') return { outcome: 'merged', mergeSha: job.candidateSha };
    if (job.kind !== 'check') throw new Error('no claims are verified here');
    checks += 1;
    const all = [...(job.ahead ?? []).map(({ mergeRequestId }) => mergeRequestId), job.mergeRequestId];
    if (all.some(failed)) return { outcome: 'gate_failed', gate: 'npm test', exitCode: 1, outputTail: 'red' };
    let targetSha = sha(commits);
    const trials = all.map((mergeRequestId) => {
      commits += 1;
      const trial = { mergeRequestId, targetSha, candidateSha: sha(commits) };
      targetSha = trial.candidateSha;
      return trial;
    });
    const last = trials.pop();
    return {
      outcome: 'passed',
      headSha: job.headSha ?? sha(0),
      targetSha: last?.targetSha ?? '',
      candidateSha: last?.candidateSha ?? '',
      ahead: trials,
    };
  };
  for (let step = 0; step < MAX_STEPS && state.live.mergeRequest.size > 0; step += 1) {
    const outcome = reconcile(state, [], now, createIds(`g11 ${seed} ${step}`, now));
    const after = commit(state, outcome, now);
    for (const one of after.archived)
      if (one.kind === 'mergeRequest' && one.record.stage === 'merged')
        merged.push({ id: one.record.id, at: now });
    state = after.town;
    const [job] = state.container.desired.jobs;
    const known = state.observed?.jobs[0];
    if (job === undefined || known?.jobId === job.jobId) continue;
    now += job.kind === 'check' ? GATES_MS : MERGE_MS;
    const report = { jobId: job.jobId, state: 'done' as const, result: resultOf(job) };
    state = { ...state, observed: observed({ syncedAt: now, sequence: step + 2, jobs: [report] }) };
  }
  const overtakes = merged.filter(({ id }, place) =>
    merged.slice(place + 1).some((later) => later.id < id),
  ).length;
  return { checks, waits: merged.map(({ at }) => at - T0), overtakes, left: state.live.mergeRequest.size };
}

/** Many in a queue, some of them red or flaky. */
export const g11: Goal = {
  id: 'G11',
  title: 'The merge queue: 100 requests, 5 % red, 20 % flaky (one run in five)',
  async measure(isQuick) {
    const runs = Array.from({ length: isQuick ? 5 : 20 }, (_, nth) => runQueue(nth + 1));
    const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
    const waits = runs.flatMap((run) => run.waits);
    const worst = Math.max(
      ...runs.map((run) => Math.max(...run.waits) / (sum(run.waits) / run.waits.length)),
    );
    return [
      {
        name: 'g11.runs',
        what: 'runs of the gates, of one for each request',
        value: sum(runs.map(({ checks }) => checks)) / (runs.length * REQUESTS),
        better: 'less',
        target: 0.35,
        kind: 'count',
      },
      {
        name: 'g11.wait',
        what: 'longest wait, of the mean',
        value: worst,
        better: 'less',
        target: 2,
        kind: 'count',
      },
      {
        name: 'g11.overtaken',
        what: 'requests that merged after a younger one of the same priority',
        value: sum(runs.map(({ overtakes }) => overtakes)),
        better: 'less',
        target: 0,
        kind: 'count',
      },
      {
        name: 'g11.merged',
        what: 'of the requests that merged, of all',
        value: waits.length / (runs.length * REQUESTS),
        better: 'more',
        target: 1 - RED - FLAKY * FLAKE_RATE - 0.02,
        kind: 'count',
      },
    ];
  },
};
