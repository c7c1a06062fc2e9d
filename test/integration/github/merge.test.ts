import * as z from 'zod';
import { expect, test } from 'vitest';
import { startGitHub, type Received, type Reply } from './server.ts';

const HEAD = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const MERGED = 'd'.repeat(40);
const PINNED = { number: 7, headSha: HEAD };

const ok: Reply = { body: { sha: MERGED, merged: true, message: 'Pull Request successfully merged' } };
const notAllowed = (what: string): Reply => ({
  status: 405,
  body: { message: `${what} are not allowed on this repository.` },
});
const notMergeable: Reply = { status: 405, body: { message: 'Pull Request is not mergeable' } };
const baseMoved: Reply = {
  status: 405,
  body: { message: 'Base branch was modified. Review and try the merge again.' },
};
const headMoved: Reply = {
  status: 409,
  body: { message: 'Head branch was modified. Review and try the merge again.' },
};

const standing = (change: Record<string, unknown> = {}) => ({
  number: 7,
  state: 'open',
  draft: false,
  merged: false,
  merge_commit_sha: 'e'.repeat(40),
  head: { ref: 'gt/one', sha: HEAD },
  mergeable: true,
  mergeable_state: 'clean',
  ...change,
});
const merged = standing({
  merged: true,
  state: 'closed',
  merge_commit_sha: MERGED,
  mergeable: null,
  mergeable_state: 'unknown',
});

interface World {
  readonly settings?: Record<string, unknown>;
  /** What the tries are answered; the last one for all that follow. */
  readonly tries: readonly Reply[];
  readonly pull?: unknown;
}

const putSchema = z.object({ merge_method: z.string(), sha: z.string() });

async function merge({ settings = {}, tries, pull = standing() }: World) {
  const puts: z.infer<typeof putSchema>[] = [];
  const handle = ({ method, path, body }: Received): Reply => {
    if (method === 'PUT' && path === '/api/v3/repos/acme/shop/pulls/7/merge') {
      puts.push(putSchema.parse(body));
      return tries[Math.min(puts.length, tries.length) - 1] ?? {};
    }
    if (path.endsWith('/pulls/7')) return { body: pull };
    return { body: { name: 'shop', owner: { login: 'acme' }, ...settings } };
  };
  await using github = await startGitHub(handle);
  const result = await github.forge.merge(github.repository(), PINNED).then(
    (value) => value,
    (error: unknown) => ({ thrown: error }),
  );
  return { result, methods: puts.map(({ merge_method }) => merge_method), shas: puts.map(({ sha }) => sha) };
}

const NO_SQUASH = { allow_squash_merge: false, allow_merge_commit: true, allow_rebase_merge: true };
const REBASE_ONLY = { allow_squash_merge: false, allow_merge_commit: false, allow_rebase_merge: true };
const NONE = { allow_squash_merge: false, allow_merge_commit: false, allow_rebase_merge: false };

interface Row extends World {
  readonly name: string;
  readonly result: unknown;
  readonly methods: readonly string[];
}

const ROWS: readonly Row[] = [
  { name: 'it is merged', tries: [ok], result: { state: 'merged', mergeSha: MERGED }, methods: ['squash'] },
  {
    name: 'by what the repository allows, squash first',
    settings: NO_SQUASH,
    tries: [ok],
    result: { state: 'merged' },
    methods: ['merge'],
  },
  {
    name: 'by rebase, when nothing else is allowed',
    settings: REBASE_ONLY,
    tries: [ok],
    result: { state: 'merged' },
    methods: ['rebase'],
  },
  {
    name: 'in no way, when none is allowed',
    settings: NONE,
    tries: [],
    result: { state: 'refused', reason: expect.stringContaining('no way') as string },
    methods: [],
  },
  {
    name: 'by another method, where a ruleset does not allow the first',
    tries: [notAllowed('Squash merges'), notAllowed('Squash merges'), ok],
    result: { state: 'merged', mergeSha: MERGED },
    methods: ['squash', 'squash', 'merge'],
  },
  {
    name: 'by the same method again, when the base moved at this very moment',
    tries: [baseMoved, ok],
    result: { state: 'merged', mergeSha: MERGED },
    methods: ['squash', 'squash'],
  },
  {
    name: 'not, when GitHub refuses each method; all its reasons are told',
    tries: [notAllowed('Squash merges'), notAllowed('Squash merges'), notMergeable],
    result: {
      state: 'refused',
      reason: 'Squash merges are not allowed on this repository.; Pull Request is not mergeable',
    },
    methods: ['squash', 'squash', 'merge', 'rebase'],
  },
  ...['blocked', 'behind', 'dirty', 'draft', 'brand_new'].map((mergeable_state): Row => ({
    name: `not, when it is ${mergeable_state}`,
    tries: [notMergeable],
    pull: standing({ mergeable_state }),
    result: { state: 'refused', reason: 'Pull Request is not mergeable' },
    methods: ['squash'],
  })),
  {
    name: 'not, when a merge queue has to do it',
    tries: [{ status: 405, body: { message: 'Changes must be made through the merge queue' } }],
    pull: standing({ mergeable_state: 'blocked' }),
    result: { state: 'refused', reason: 'Changes must be made through the merge queue' },
    methods: ['squash'],
  },
  {
    name: 'not, when it conflicts',
    tries: [notMergeable],
    pull: standing({ mergeable: false }),
    result: { state: 'refused', reason: 'Pull Request is not mergeable' },
    methods: ['squash'],
  },
  {
    name: 'not yet, while GitHub works it out',
    tries: [baseMoved],
    pull: standing({ mergeable: null, mergeable_state: 'unknown' }),
    result: { thrown: { kind: 'http_error', retry: 'backoff' } },
    methods: ['squash'],
  },
  {
    name: 'not yet, while GitHub does not say whether it can be',
    tries: [notMergeable],
    pull: standing({ mergeable: null }),
    result: { thrown: { kind: 'http_error' } },
    methods: ['squash'],
  },
  {
    name: 'not, when the head moved',
    tries: [headMoved],
    pull: standing({ head: { sha: OTHER } }),
    result: { state: 'refused', reason: 'the head moved' },
    methods: ['squash'],
  },
  {
    name: 'not, when the head moved and GitHub shows the old one still',
    tries: [headMoved],
    result: { state: 'refused', reason: 'the head moved' },
    methods: ['squash'],
  },
  {
    name: 'not, when the head moved and GitHub does not say that',
    tries: [notMergeable],
    pull: standing({ head: { sha: OTHER } }),
    result: { state: 'refused', reason: 'the head moved' },
    methods: ['squash'],
  },
  {
    name: 'not, when GitHub does not understand it',
    tries: [{ status: 422, body: { message: 'Validation Failed', errors: ['sha is wrong'] } }],
    result: { state: 'refused', reason: 'Validation Failed: sha is wrong' },
    methods: ['squash'],
  },
  {
    name: 'not, when it is closed',
    tries: [notMergeable],
    pull: standing({ state: 'closed' }),
    result: { state: 'refused', reason: 'the pull request is closed' },
    methods: ['squash'],
  },
  {
    name: 'it was merged before',
    tries: [notMergeable],
    pull: merged,
    result: { state: 'merged', mergeSha: MERGED },
    methods: ['squash'],
  },
  {
    name: 'it was merged before, and GitHub answers that the head moved',
    tries: [headMoved],
    pull: merged,
    result: { state: 'merged', mergeSha: MERGED },
    methods: ['squash'],
  },
  {
    name: 'it was merged before, and GitHub does not say as what',
    tries: [notMergeable],
    pull: { ...merged, merge_commit_sha: null },
    result: { thrown: { kind: 'invalid_response' } },
    methods: ['squash'],
  },
  {
    name: 'it may be merged: the answer was lost',
    tries: [{ isLost: 'before' }],
    result: { thrown: { kind: 'http_error' } },
    methods: ['squash'],
  },
  {
    name: 'it may be merged: the answer is cut',
    tries: [{ ...ok, isLost: 'within' }],
    result: { thrown: { kind: 'http_error' } },
    methods: ['squash'],
  },
  {
    name: 'it may be merged: GitHub failed',
    tries: [{ status: 502 }],
    result: { thrown: { kind: 'http_error' } },
    methods: ['squash'],
  },
  {
    name: 'it may be merged: the answer is another one',
    tries: [{ body: { message: 'ok' } }],
    result: { thrown: { kind: 'invalid_response' } },
    methods: ['squash'],
  },
  {
    name: 'it may not be merged by this token',
    tries: [{ status: 403, body: { message: 'Resource not accessible by personal access token' } }],
    result: { thrown: { kind: 'forbidden', retry: 'never' } },
    methods: ['squash'],
  },
];

test.each(ROWS.map((row) => [row.name, row] as const))('%s', async (_, row) => {
  const { result, methods, shas } = await merge(row);
  expect(result).toMatchObject(row.result as object);
  expect(methods).toEqual(row.methods);
  // Whatever is tried, it is this head and no other.
  expect(new Set(shas)).toEqual(new Set(methods.length > 0 ? [HEAD] : []));
});

test('the next try after a lost answer finds it merged', async () => {
  let isMerged = false;
  await using github = await startGitHub(({ method, path }) => {
    if (method === 'PUT') {
      if (isMerged) return notMergeable;
      isMerged = true;
      return { isLost: 'before' };
    }
    return { body: path.endsWith('/pulls/7') ? merged : { name: 'shop', owner: { login: 'acme' } } };
  });
  const repository = github.repository();
  await expect(github.forge.merge(repository, PINNED)).rejects.toMatchObject({ kind: 'http_error' });
  expect(await github.forge.merge(repository, PINNED)).toEqual({ state: 'merged', mergeSha: MERGED });
});

test('after a refusal the settings of the repository are read anew', async () => {
  let allowed = { allow_squash_merge: true, allow_merge_commit: false, allow_rebase_merge: false };
  const methods: string[] = [];
  await using github = await startGitHub(({ method, path, body }) => {
    if (method === 'PUT') {
      const { merge_method } = putSchema.parse(body);
      methods.push(merge_method);
      return merge_method === 'rebase' ? ok : notAllowed('Squash merges');
    }
    if (path.endsWith('/pulls/7')) return { body: standing() };
    return { body: { name: 'shop', owner: { login: 'acme' }, ...allowed } };
  });
  const repository = github.repository();
  expect(await github.forge.merge(repository, PINNED)).toMatchObject({ state: 'refused' });
  allowed = REBASE_ONLY;
  expect(await github.forge.merge(repository, PINNED)).toMatchObject({ state: 'merged' });
  expect(methods).toEqual(['squash', 'squash', 'rebase']);
});
