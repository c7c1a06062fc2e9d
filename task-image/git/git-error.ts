import { redact } from './redact.ts';

export type GitErrorKind = 'auth' | 'network' | 'not_found' | 'rejected' | 'timeout' | 'other';

type Retry = 'now' | 'backoff' | 'never';

/** `auth` is worth another try: credentials are short-lived and are asked for again. */
const RETRY: Record<GitErrorKind, Retry> = {
  auth: 'backoff',
  network: 'backoff',
  not_found: 'never',
  rejected: 'never',
  timeout: 'backoff',
  other: 'backoff',
};

export interface GitFailure {
  kind: GitErrorKind;
  message: string;
  /** null when git did not exit by itself. */
  exitCode?: number | null;
  secrets?: readonly string[];
  cause?: unknown;
}

/** A git command that failed. Its message has no credentials in it and at most 2,000 characters. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly kind: GitErrorKind;
  readonly retry: Retry;
  readonly exitCode: number | null;

  constructor(failure: GitFailure) {
    super(redact(failure.message, failure.secrets).slice(0, 2000), { cause: failure.cause });
    this.kind = failure.kind;
    this.retry = RETRY[failure.kind];
    this.exitCode = failure.exitCode ?? null;
  }
}

/**
 * The one place that reads the text of a message: git exits with 128 for everything that a remote can do. The locale is
 * fixed to C. An unknown text is `other`, which only changes the advice, never a decision.
 */
const KINDS: readonly (readonly [GitErrorKind, RegExp])[] = [
  [
    'auth',
    /authentication failed|could not read (?:username|password)|terminal prompts disabled|access denied|returned error: 40[13]|invalid username or (?:password|token)|write access to repository not granted/i,
  ],
  [
    'not_found',
    /repository (?:'.*' )?(?:not found|does not exist)|does not appear to be a git repository|returned error: 404|couldn't find remote ref|no such remote/i,
  ],
  ['rejected', /\[(?:remote )?rejected\]|failed to push some refs|stale info|pre-receive hook declined/i],
  [
    'network',
    /could not resolve host|failed to connect|connection (?:timed out|refused|reset)|couldn't connect|unable to access|early eof|rpc failed|hung up unexpectedly|returned error: 5\d\d|returned error: 429|operation too slow/i,
  ],
];

export function kindOfFailure(stderr: string): GitErrorKind {
  return KINDS.find(([, shape]) => shape.test(stderr))?.[0] ?? 'other';
}
