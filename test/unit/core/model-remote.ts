import type { CheckJob, JobResult, JobSpec, MergeJob } from '../../../core/protocol/job.ts';
import { sha } from './town-builder.ts';

export interface Merge {
  readonly mergeRequestId: string;
  readonly target: string;
  readonly headSha: string;
  readonly sha: string;
  /** This very commit passed a check of this merge request with this head. */
  readonly isEvaluated: boolean;
}

/** A git remote that has branches and merges, but no content: enough to answer jobs as the real one does. */
export class ModelRemote {
  readonly merges: Merge[] = [];
  readonly #branches = new Map<string, string>();
  /** Branches that hold commits of another bead. */
  readonly #evaluated = new Set<string>();
  /** Heads of branches that passed a check. */
  readonly #checkedHeads = new Set<string>();
  readonly #foreign = new Set<string>();
  #commits = 100;

  /** A commit on a branch; `push` by an agent, or by somebody outside the town. */
  push(branch: string, isForeign = false): string {
    this.#commits += 1;
    if (isForeign) this.#foreign.add(branch);
    else this.#foreign.delete(branch);
    this.#branches.set(branch, sha(this.#commits));
    return sha(this.#commits);
  }

  head(branch: string): string {
    return this.#branches.get(branch) ?? sha(0);
  }

  /** @param candidates trial merges on the container's disk: they are gone with it. */
  run(job: JobSpec, candidates: Set<string>): JobResult {
    switch (job.kind) {
      case 'verify':
        if (!this.#branches.has(job.branch)) {
          return {
            outcome: 'refused',
            reason: 'branch_missing',
            detail: `${job.branch} is not on the remote`,
          };
        }
        if (this.#foreign.has(job.branch)) {
          return {
            outcome: 'refused',
            reason: 'foreign_commits',
            detail: `${job.branch} holds commits of another bead`,
          };
        }
        return { outcome: 'verified', headSha: this.head(job.branch), commits: 1 };
      case 'check':
        return this.#check(job, candidates);
      case 'merge':
        return this.#merge(job, candidates);
    }
  }

  /** The trial merges of a batch, each onto the one before. */
  #check(
    { mergeRequestId, branch, headSha, target, ahead = [] }: CheckJob,
    candidates: Set<string>,
  ): JobResult {
    const head = headSha ?? this.head(branch);
    let targetSha = this.head(target);
    const trials = [...ahead, { mergeRequestId, headSha: head }].map((one) => {
      this.#commits += 1;
      const trial = { mergeRequestId: one.mergeRequestId, targetSha, candidateSha: sha(this.#commits) };
      candidates.add(trial.candidateSha);
      this.#evaluated.add(`${one.mergeRequestId} ${one.headSha} ${trial.candidateSha}`);
      targetSha = trial.candidateSha;
      return trial;
    });
    this.#checkedHeads.add(`${branch} ${head}`);
    const last = trials.pop();
    if (last === undefined) return { outcome: 'nothing_to_merge' };
    return {
      outcome: 'passed',
      headSha: head,
      targetSha: last.targetSha,
      candidateSha: last.candidateSha,
      ...(trials.length === 0 ? {} : { ahead: trials }),
    };
  }

  /** A forge merges this head of a branch. @param by the pull request: it merges once */
  mergeHead(by: string, branch: string, target: string): string {
    this.#commits += 1;
    const mergeSha = sha(this.#commits);
    const headSha = this.head(branch);
    const isEvaluated = this.#checkedHeads.has(`${branch} ${headSha}`);
    this.#branches.set(target, mergeSha);
    this.merges.push({ mergeRequestId: by, target, headSha, sha: mergeSha, isEvaluated });
    return mergeSha;
  }

  #merge(job: MergeJob, candidates: Set<string>): JobResult {
    const { mergeRequestId, headSha, target, targetSha, candidateSha } = job;
    const earlier = this.merges.find((merge) => merge.target === target && merge.headSha === headSha);
    if (earlier !== undefined) return { outcome: 'merged', mergeSha: earlier.sha };
    if (!candidates.has(candidateSha)) return { outcome: 'stale', reason: 'candidate_missing' };
    if (this.head(target) !== targetSha) return { outcome: 'stale', reason: 'target_moved' };
    this.#branches.set(target, candidateSha);
    const isEvaluated = this.#evaluated.has(`${mergeRequestId} ${headSha} ${candidateSha}`);
    this.merges.push({ mergeRequestId, target, headSha, sha: candidateSha, isEvaluated });
    return { outcome: 'merged', mergeSha: candidateSha };
  }
}
