import { expect, test } from 'vitest';
import { minutes, seconds } from '../../../../core/town/instant.ts';
import type { Town } from '../../../../core/town/town.ts';
import { bead, convoy, town } from '../town-builder.ts';
import { assertQuiet, ending, type Script, World } from '../world.ts';
import { DEMO_ENDING, demoTown, oneBead } from './demo.ts';

const gateFailed = {
  outcome: 'gate_failed',
  gate: 'npm test',
  exitCode: 1,
  outputTail: 'expected 1, got 2',
} as const;
const stageIs = (stage: string) => (world: World) =>
  [...world.town.live.mergeRequest.values()].some((mr) => mr.stage === stage);
const isWorking = ({ town: { observed } }: World): boolean =>
  observed?.agents.some(({ state }) => state === 'working') ?? false;
const beadOf = (world: World, id: string) => {
  const found = world.archive.find(({ kind, record }) => kind === 'bead' && record.id === id);
  return found?.kind === 'bead' ? found.record : undefined;
};
const reasons = (world: World): string => world.decisions.map(({ reason }) => reason).join('\n');

interface Story {
  readonly of: string;
  readonly town: () => Town;
  readonly script?: () => Script;
  readonly begin?: (world: World) => void;
  readonly ending: readonly string[];
  readonly maxSteps: number;
  /** Tasks that were started. */
  readonly epochs: number;
  /** What else is so at the end. */
  readonly shows?: (world: World) => unknown;
  readonly as?: unknown;
}

const refuseVerify = (times: number): Script => ({
  job: ({ kind }, nth) =>
    kind === 'verify' && nth <= times
      ? { outcome: 'refused', reason: 'no_commits', detail: 'no commits' }
      : undefined,
});
/** When the container has been told of what is asked of it, and has not done it. */
const kill = (isSaid: boolean) => (world: World) =>
  world.after(seconds(2), () => world.killContainer({ isSaid }));

const STORIES: readonly Story[] = [
  {
    of: 'one bead is worked on, verified, checked, reviewed and merged; then the town sleeps',
    town: oneBead,
    ending: ['bead a closed'],
    maxSteps: 30,
    epochs: 1,
    shows: (world) => ({ bead: beadOf(world, 'a'), merges: world.remote.merges }),
    as: { bead: { attempt: 1, usage: { inputTokens: 20 } }, merges: [{ target: 'main' }] },
  },
  {
    of: 'the demo convoy lands: two beads at once, then the one that waits for them, then the feature branch',
    town: demoTown,
    ending: DEMO_ENDING,
    maxSteps: 80,
    epochs: 1,
    shows: (world) => [
      ...world.remote.merges.map(({ target }) => target),
      ...['a', 'b', 'c'].map((id) => beadOf(world, id)?.attempt),
    ],
    as: [...Array.from({ length: 3 }, () => 'convoy/demo/head'), 'main', 1, 1, 1],
  },
  ...[true, false].flatMap((isSaid): Story[] => {
    const how = isSaid ? 'the platform says so' : 'nobody says so';
    return [
      {
        of: `the container is lost while an agent works, ${how}`,
        town: oneBead,
        begin: (world) => world.once(isWorking, kill(isSaid)),
        ending: ['bead a closed'],
        maxSteps: 60,
        epochs: 2,
        shows: (world) => beadOf(world, 'a'),
        // Its session was lost with the container, which is no attempt of its own.
        as: { attempt: 1 },
      },
      {
        of: `the container is lost while a merge job runs, ${how}: the trial merge is gone, so it is checked again`,
        town: demoTown,
        begin: (world) => world.once(stageIs('merging'), kill(isSaid)),
        ending: DEMO_ENDING,
        maxSteps: 120,
        epochs: 2,
        shows: (world) => reasons(world).includes('candidate_missing'),
        as: true,
      },
      {
        of: `the container is lost while a merge request is reviewed, ${how}: it is checked and reviewed again`,
        town: oneBead,
        begin: (world) => world.once(stageIs('reviewing'), kill(isSaid)),
        ending: ['bead a closed'],
        maxSteps: 60,
        epochs: 2,
        shows: (world) => beadOf(world, 'a'),
        as: { attempt: 1 },
      },
    ];
  }),
  {
    of: 'every session ends without done: five attempts with growing pauses, then the bead fails and its convoy says so',
    town: demoTown,
    script: () => ({
      agent: ({ work }) => (work.kind === 'bead' && work.beadId === 'a' ? 'exit' : undefined),
    }),
    ending: ['bead a failed', 'bead b closed', 'bead c open', 'convoy demo needs_attention'],
    maxSteps: 150,
    epochs: 1,
    shows: (world) => beadOf(world, 'a'),
    as: { attempt: 5, failure: { code: 'max_dispatch_attempts' } },
  },
  {
    of: 'a gate fails on one of two that are checked together: it goes on with the output as feedback and passes, the other merges',
    town: demoTown,
    script: () => {
      let red: string | null | undefined;
      return {
        job: (job) => {
          if (job.kind !== 'check') return undefined;
          const heads = [job, ...(job.ahead ?? [])];
          red ??= heads.find(({ title }) => title === 'Bead a')?.headSha;
          return heads.some(({ headSha }) => headSha === red) ? gateFailed : undefined;
        },
      };
    },
    ending: DEMO_ENDING,
    maxSteps: 120,
    epochs: 1,
    shows: (world) => beadOf(world, 'a'),
    as: { attempt: 2 },
  },
  {
    of: 'the reviewer asks for changes once: the bead goes on with the same branch and a new merge request',
    town: oneBead,
    script: () => {
      let reviews = 0;
      return {
        agent: ({ work }) => (work.kind === 'review' && (reviews += 1) === 1 ? 'request_changes' : undefined),
      };
    },
    ending: ['bead a closed'],
    maxSteps: 60,
    epochs: 1,
    shows: (world) => ({ bead: beadOf(world, 'a'), ended: world.archive.map(({ kind }) => kind) }),
    as: { bead: { attempt: 2, branch: 'gt/toast/a' }, ended: ['mergeRequest', 'mergeRequest', 'bead'] },
  },
  {
    of: 'the target moves between check and merge: it is checked and reviewed again before it is merged',
    town: oneBead,
    begin: (world) => world.once(stageIs('reviewing'), ({ remote }) => void remote.push('main')),
    ending: ['bead a closed'],
    maxSteps: 60,
    epochs: 1,
    shows: (world) => reasons(world).includes('target_moved'),
    as: true,
  },
  {
    of: 'a worker that hangs is asked, then judged: triage restarts it, and the next session finishes the bead',
    town: oneBead,
    script: () => ({
      agent: ({ work }, nth) =>
        work.kind === 'triage' ? 'restart' : work.kind === 'bead' && nth <= 3 ? 'hang' : undefined,
    }),
    ending: ['bead a closed'],
    maxSteps: 80,
    epochs: 1,
    shows: (world) => ({
      bead: beadOf(world, 'a'),
      judged: world.archive.flatMap(({ kind, record }) => (kind === 'triageRequest' ? [record] : [])),
    }),
    as: { bead: { attempt: 2 }, judged: [{ attempts: 1, resolution: { action: 'restart', by: 'triage' } }] },
  },
  {
    of: 'triage that hangs, too, is given up for people, and the session after two hours anyway',
    town: oneBead,
    script: () => ({
      agent: ({ work }, nth) =>
        work.kind === 'triage' || (work.kind === 'bead' && nth <= 3) ? 'hang' : undefined,
    }),
    ending: ['bead a closed'],
    maxSteps: 120,
    epochs: 1,
    shows: (world) => world.archive.map(({ kind }) => kind),
    as: ['triageRequest', 'escalation', 'mergeRequest', 'bead'],
  },
  {
    of: 'done is refused twice: the agent is told in its session and makes it',
    town: oneBead,
    script: () => refuseVerify(2),
    ending: ['bead a closed'],
    maxSteps: 60,
    epochs: 1,
    shows: (world) => beadOf(world, 'a'),
    as: { attempt: 1 },
  },
  {
    of: 'done is refused three times: another attempt makes it',
    town: oneBead,
    script: () => refuseVerify(3),
    ending: ['bead a closed'],
    maxSteps: 60,
    epochs: 1,
    shows: (world) => beadOf(world, 'a'),
    as: { attempt: 2 },
  },
  {
    of: 'a held bead and a staged convoy hold no container; started, they are worked on',
    town: () =>
      town({
        beads: [bead('held', { isHeld: true }), bead('staged', { convoyId: 'k' })],
        convoys: [convoy('k', { state: 'staged', beads: [{ id: 'staged', outcome: 'open' }] })],
      }),
    begin: (world) => {
      world.run();
      assertQuiet(world);
      world.say({ type: 'bead_started', beadId: 'held', by: 'ann' });
      world.say({ type: 'convoy_started', convoyId: 'k', by: 'ann' });
    },
    ending: ['bead held closed', 'bead staged closed', 'convoy k landed'],
    maxSteps: 80,
    epochs: 1,
  },
  {
    of: 'workers go from one bead to the next: what is said of the last session does not count for the new one',
    town: () => town({ beads: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => bead(id)) }),
    ending: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => `bead ${id} closed`),
    maxSteps: 200,
    epochs: 1,
    shows: (world) =>
      new Set(world.archive.flatMap(({ kind, record }) => (kind === 'bead' ? record.attempt : []))),
    as: new Set([1]),
  },
];

test.each(STORIES)('$of', (story) => {
  const { epochs, shows = () => true, as = true } = story;
  const world = new World(story.town(), story.script?.());
  story.begin?.(world);
  assertQuiet(world.run());
  expect(ending(world)).toEqual(story.ending);
  expect(world.effectKeys.filter((key) => key.startsWith('run_task'))).toHaveLength(epochs);
  expect(world.steps).toBeLessThanOrEqual(story.maxSteps);
  expect({ is: shows(world) }).toMatchObject({ is: as });
});

test('pauses between attempts grow as the table says, and nothing runs in them', () => {
  const starts: number[] = [];
  const ends: number[] = [];
  const script: Script = {
    agent: () => {
      starts.push(world.now);
      ends.push(world.now + minutes(1));
      return 'exit';
    },
  };
  const world: World = new World(oneBead(), script);
  world.run();
  const pauses = starts.slice(1).map((at, index) => (at - (ends[index] ?? 0)) / 1000);
  // Pause of the table, up to a sync and the sweeper; past the five minutes of idleness a container has to start, too.
  expect(pauses.map((pause) => Math.floor(pause / 30) * 30)).toEqual([30, 60, 120, 300]);
});
