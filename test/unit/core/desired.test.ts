import { expect, test } from 'vitest';
import { Draft } from '../../../core/draft.ts';
import { jobSpec } from '../../../core/protocol/job.ts';
import { desiredSchema } from '../../../core/town/container.ts';
import { desiredState } from '../../../core/town/desired.ts';
import {
  agent,
  bead,
  CANDIDATE,
  claimedBead,
  convoy,
  landing,
  mail,
  mergeRequest,
  reviewedBead,
  reviewer,
  rig,
  sha,
  T0,
  town,
  type TownParts,
  workedBead,
  worker,
} from './town-builder.ts';

/** An object with its keys in the opposite order. */
const reversed = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toReversed())
    : value;

const desired = (parts: TownParts) => {
  const state = desiredState(new Draft(town(parts), T0));
  // A store keeps no order of keys, but what is read is in the schema's: so it can be compared as text.
  const read: unknown = JSON.parse(JSON.stringify(state), (_, value: unknown) => reversed(value));
  expect(JSON.stringify(desiredSchema.parse(read))).toBe(JSON.stringify(state));
  return state;
};

test('a town at rest wants nothing: waiting, held and reviewed work, idle agents and unused rigs', () => {
  const parts = {
    beads: [bead('a'), bead('h', { isHeld: true }), reviewedBead('r')],
    agents: [agent('x')],
    mergeRequests: [mergeRequest('m', 'r')],
  };
  expect(desired(parts)).toEqual({ rigs: [], agents: [], jobs: [] });
});

test('a worker: its bead, branch and base, and what is to be said to this session', () => {
  const parts = {
    beads: [workedBead('a', 'x', { convoyId: 'k', feedback: 'why', hasBody: true })],
    agents: [worker('x', 'a', { attempt: 3 })],
    convoys: [convoy('k', { beads: [{ id: 'a', outcome: 'open' }] })],
    mails: [mail('1', 'x', { attempt: 3 }), mail('2', 'x', { attempt: 2 }), mail('3', 'y', { attempt: 3 })],
  };
  expect(desired(parts)).toMatchObject({
    rigs: [{ rigId: 'rig', gitUrl: rig().gitUrl, defaultBranch: 'main' }],
    agents: [
      {
        agentId: 'x',
        attempt: 3,
        work: { kind: 'bead', beadId: 'a', branch: 'gt/a', base: 'convoy/k/head', createBaseFrom: 'main' },
        messages: [{ messageId: '1', text: 'a word' }],
      },
    ],
    jobs: [],
  });
  expect(desired(parts).agents[0]?.work).toMatchObject({ hasBody: true, hasFeedback: true });
});

test('a reviewer: the trial merge that passed', () => {
  const over = { stage: 'reviewing', candidate: CANDIDATE, reviewerAgentId: 'ref' } as const;
  const parts = {
    beads: [reviewedBead('a')],
    agents: [reviewer('ref', 'm')],
    mergeRequests: [mergeRequest('m', 'a', over)],
  };
  expect(desired(parts).agents).toMatchObject([
    {
      role: 'refinery',
      work: { kind: 'review', mergeRequestId: 'm', beadId: 'a', headSha: sha(3), ...CANDIDATE },
    },
  ]);
});

test.each([
  {
    of: 'a verification knows the branches whose commits it must not find',
    parts: {
      rigs: [rig(), rig({ id: 'other' })],
      beads: [claimedBead('a', 'x'), reviewedBead('b'), bead('c'), workedBead('d', 'y', { rigId: 'other' })],
    },
    jobs: [{ kind: 'verify', jobId: 'verify', branch: 'gt/a', base: 'main', foreignBranches: ['gt/b'] }],
  },
  {
    of: 'a claim without a job has none',
    parts: { beads: [claimedBead('a', 'x', { jobId: undefined })] },
    jobs: [],
  },
  {
    of: 'a check evaluates the head that was verified, with the gates of the rig',
    parts: {
      rigs: [rig({ config: { refinery: { gates: ['npm test'], gateTimeoutSeconds: 60 } } })],
      beads: [reviewedBead('a')],
      mergeRequests: [mergeRequest('m', 'a', { stage: 'checking', jobId: 'j' })],
    },
    jobs: [
      {
        kind: 'check',
        jobId: 'j',
        headSha: sha(3),
        target: 'main',
        gates: ['npm test'],
        gateTimeoutSeconds: 60,
      },
    ],
  },
  {
    of: 'a landing is checked at the head that its branch has then, checked before or not',
    parts: {
      convoys: [convoy('k')],
      mergeRequests: [landing('m', 'k', { stage: 'checking', jobId: 'j', headSha: sha(3) })],
    },
    jobs: [{ kind: 'check', headSha: null }],
  },
  {
    of: 'a merge is of exactly what was checked',
    parts: {
      beads: [reviewedBead('a')],
      mergeRequests: [mergeRequest('m', 'a', { stage: 'merging', jobId: 'j', candidate: CANDIDATE })],
    },
    jobs: [{ kind: 'merge', jobId: 'j', headSha: sha(3), target: 'main', ...CANDIDATE }],
  },
] satisfies readonly { of: string; parts: TownParts; jobs: unknown[] }[])('$of', ({ parts, jobs }) => {
  const found = desired(parts).jobs;
  expect(found).toMatchObject(jobs);
  expect(found).toHaveLength(jobs.length);
  for (const job of found) expect(jobSpec.safeParse(job).success).toBe(true);
});
