import type { Forge, ForgeRepository } from '../../../core/ports.ts';
import { blockersOf } from '../../../core/pull-request/blockers.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import type { FailureKind } from '../../../core/pull-request/failure.ts';
import type { PullRequestSnapshot } from '../../../core/pull-request/snapshot.ts';
import { minutes } from '../../../core/town/instant.ts';
import type { ModelRemote } from '../../unit/core/model-remote.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What people and checks do with a head of a pull request when they look at it. */
export const DEEDS = [
  'approve',
  'requestChanges',
  'comment',
  'checkFails',
  'close',
  'merge',
  'push',
  'draft',
  'slowMergeability',
] as const;
export type Deed = (typeof DEEDS)[number];

/** How a call of the forge fails; `answerLost`: it was done all the same. */
export type ForgeFault = FailureKind | 'answerLost';

export interface ForgeBehaviour {
  readonly fault?: ((call: 'open' | 'observe' | 'merge') => ForgeFault | undefined) | undefined;
  /** What happens to a head first; people approve it in the end. @default nothing else */
  readonly deed?: (() => Deed | undefined) | undefined;
  /** When people look at a head, after it was pushed. @default 3 min */
  readonly lookMs?: (() => number) | undefined;
  /** Does it tell of changes? @default no: it has to be asked */
  readonly isTelling?: boolean | undefined;
}

interface Pull {
  readonly number: number;
  readonly branch: string;
  readonly target: string;
  readonly openedAt: number;
  state: 'open' | 'merged' | 'closed';
  mergeSha?: string;
  isDraft: boolean;
  /** The head that people have looked at. */
  seenHead: string;
  /** Since when the head is as it is. */
  headSince: number;
  isApproved: boolean;
  hasChangeRequest: boolean;
  threads: number;
  hasFailedCheck: boolean;
  isUnknownUntil: number;
}

const LOOK_MS = minutes(3);
/** Until then whatever is wrong has been put right by people. */
const PATIENCE_MS = minutes(30);
/** Then somebody merges what is still open. */
const LAST_WORD_MS = minutes(45);
/** From a change to its message. */
const TELL_MS = 2000;
const MAX_LOOKS = 100;
const RETRY_AFTER_MS = minutes(5);

/** A forge of one repository that wants an approval of every head, with people who look at what is there. */
export class ModelForge implements Forge {
  /** Merges that the town asked for while something had blocked the pull request for a while. */
  readonly blockedMerges: string[] = [];
  calls = { open: 0, observe: 0, merge: 0 };
  readonly #time: VirtualTime;
  readonly #remote: ModelRemote;
  readonly #behaviour: ForgeBehaviour;
  readonly #pulls: Pull[] = [];
  readonly #tell: (changed: PullRequestSnapshot) => Promise<void> | void;

  /** @param tell what changes is said here, if the behaviour says so */
  constructor(
    time: VirtualTime,
    remote: ModelRemote,
    behaviour: ForgeBehaviour = {},
    tell: (changed: PullRequestSnapshot) => Promise<void> | void = () => {},
  ) {
    this.#tell = tell;
    this.#time = time;
    this.#remote = remote;
    this.#behaviour = behaviour;
  }

  /** Open pull requests of one branch: more than one is a mistake of the town. */
  get doubles(): string[] {
    const open = this.#pulls.filter(({ state }) => state === 'open').map(({ branch }) => branch);
    return open.filter((branch, place) => open.indexOf(branch) !== place);
  }

  get opened(): number {
    return this.#pulls.length;
  }

  async open(
    _: ForgeRepository,
    { branch, target }: { readonly branch: string; readonly target: string },
  ): Promise<PullRequestSnapshot> {
    return this.#call('open', () => {
      const found = this.#pulls.find((pull) => pull.branch === branch && pull.state === 'open');
      return this.#snapshot(found ?? this.#create(branch, target));
    });
  }

  async observe(
    wanted: readonly { readonly number: number }[],
  ): Promise<readonly (PullRequestSnapshot | ForgeError)[]> {
    return this.#call('observe', () => wanted.map(({ number }) => this.#snapshot(this.#pull(number))));
  }

  async merge(
    _: ForgeRepository,
    { number, headSha }: { readonly number: number; readonly headSha: string },
  ): ReturnType<Forge['merge']> {
    return this.#call('merge', () => {
      const pull = this.#pull(number);
      this.#noticePush(pull);
      const { branch, state, mergeSha } = pull;
      if (state === 'merged' && mergeSha !== undefined) return { state: 'merged', mergeSha } as const;
      const isRefused = state !== 'open' || pull.isDraft || !pull.isApproved || pull.hasFailedCheck;
      if (isRefused || this.#remote.head(branch) !== headSha)
        return { state: 'refused', reason: 'Pull Request is not mergeable' } as const;
      const blockers = blockersOf(this.#snapshot(pull));
      if (blockers.length > 0) this.blockedMerges.push(`${number}: ${JSON.stringify(blockers)}`);
      return { state: 'merged', mergeSha: this.#merged(pull, `pull request ${number}`) } as const;
    });
  }

  #call<T>(name: 'open' | 'observe' | 'merge', act: () => T): T {
    this.calls[name] += 1;
    const fault = this.#behaviour.fault?.(name);
    if (fault === undefined) return act();
    if (fault === 'answerLost') act();
    const kind = fault === 'answerLost' ? 'http_error' : fault;
    const until = kind === 'rate_limited' ? this.#time.now + RETRY_AFTER_MS : undefined;
    throw new ForgeError(kind, `the forge failed: ${fault}`, { until });
  }

  #pull(number: number): Pull {
    const pull = this.#pulls[number - 1];
    if (pull === undefined) throw new ForgeError('not_found', `there is no pull request ${number}`);
    return pull;
  }

  #create(branch: string, target: string): Pull {
    const { now } = this.#time;
    const pull: Pull = {
      number: this.#pulls.length + 1,
      branch,
      target,
      openedAt: now,
      state: 'open',
      isDraft: false,
      seenHead: this.#remote.head(branch),
      headSince: now,
      isApproved: false,
      hasChangeRequest: false,
      threads: 0,
      hasFailedCheck: false,
      isUnknownUntil: 0,
    };
    this.#pulls.push(pull);
    this.#lookLater(pull, 1);
    return pull;
  }

  /** A new head: approvals are gone, checks run again. */
  #noticePush(pull: Pull): void {
    const head = this.#remote.head(pull.branch);
    if (head === pull.seenHead) return;
    pull.seenHead = head;
    pull.headSince = this.#time.now;
    pull.isApproved = false;
    pull.hasChangeRequest = false;
    pull.hasFailedCheck = false;
  }

  #lookLater(pull: Pull, nth: number): void {
    if (nth > MAX_LOOKS) return;
    this.#time.after(this.#behaviour.lookMs?.() ?? LOOK_MS, () => {
      if (pull.state === 'merged') return;
      this.#noticePush(pull);
      this.#look(pull);
      if (this.#behaviour.isTelling === true)
        this.#time.after(TELL_MS, () => this.#tell(this.#snapshot(pull)));
      this.#lookLater(pull, nth + 1);
    });
  }

  #look(pull: Pull): void {
    const { now } = this.#time;
    const isOld = now - pull.headSince > PATIENCE_MS;
    if (pull.state === 'closed') {
      // Who closed it by mistake opens it again; otherwise it stays closed.
      if (pull.number % 2 === 0) pull.state = 'open';
      return;
    }
    if (now - pull.openedAt > LAST_WORD_MS) {
      this.#merged(pull, `a person, pull request ${pull.number}`);
      return;
    }
    if (isOld) {
      Object.assign(pull, { isDraft: false, threads: 0, hasFailedCheck: false, hasChangeRequest: false });
      pull.isApproved = true;
      return;
    }
    if (!pull.isApproved) this.#do(pull, this.#behaviour.deed?.() ?? 'approve');
  }

  #do(pull: Pull, deed: Deed): void {
    switch (deed) {
      case 'approve':
        pull.isApproved = !pull.hasChangeRequest;
        return;
      case 'requestChanges':
        pull.hasChangeRequest = true;
        return;
      case 'comment':
        pull.threads += 1;
        return;
      case 'checkFails':
        pull.hasFailedCheck = true;
        return;
      case 'close':
        pull.state = 'closed';
        return;
      case 'merge':
        this.#merged(pull, `a person, pull request ${pull.number}`);
        return;
      case 'push':
        this.#remote.push(pull.branch);
        return;
      case 'draft':
        pull.isDraft = true;
        return;
      case 'slowMergeability':
        pull.isUnknownUntil = this.#time.now + minutes(4);
    }
  }

  #merged(pull: Pull, by: string): string {
    pull.state = 'merged';
    pull.mergeSha = this.#remote.mergeHead(by, pull.branch, pull.target);
    return pull.mergeSha;
  }

  #snapshot(pull: Pull): PullRequestSnapshot {
    this.#noticePush(pull);
    const { number, branch, target, state, isDraft, mergeSha, isApproved, hasChangeRequest } = pull;
    const isUnknown = this.#time.now < pull.isUnknownUntil;
    return {
      number,
      url: `https://github.com/loop/town/pull/${number}`,
      state,
      isDraft,
      headSha: pull.seenHead,
      headBranch: branch,
      baseBranch: target,
      mergeSha,
      mergeable: isUnknown ? 'unknown' : 'yes',
      mergeState: isUnknown ? 'unknown' : isApproved ? 'clean' : 'blocked',
      reviewDecision: hasChangeRequest ? 'changesRequested' : isApproved ? 'approved' : 'reviewRequired',
      changeRequests: hasChangeRequest ? [{ author: 'reviewer', body: 'Say why.', isOnHead: true }] : [],
      checks: {
        items: [{ name: 'ci', state: pull.hasFailedCheck ? 'failed' : 'passed' }],
        isComplete: true,
      },
      threads: {
        unresolved: Array.from({ length: pull.threads }, (_, nth) => ({
          author: 'reviewer',
          text: `comment ${nth + 1}`,
        })),
        isComplete: true,
      },
      at: this.#time.now,
    };
  }
}
