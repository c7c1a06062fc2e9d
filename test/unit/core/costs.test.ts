import { expect, test } from 'vitest';
import { costsBy, type CostedRun, type CostedSession } from '../../../core/costs.ts';
import { minutes } from '../../../core/town/instant.ts';

const usage = { inputTokens: 100, outputTokens: 10, costUsd: 1 };
const session = (
  beadId: string | undefined,
  from: number,
  to: number,
  over: Partial<CostedSession> = {},
): CostedSession => ({
  beadId,
  agentId: `agent of ${beadId}`,
  epoch: 1,
  startedAt: minutes(from),
  endedAt: minutes(to),
  usage,
  ...over,
});
const run = (from: number, to: number, epoch = 1): CostedRun => ({
  epoch,
  startedAt: minutes(from),
  stoppedAt: minutes(to),
});
const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** Situation, sessions, runs, then container minutes by bead and those of nobody. */
const rows: readonly [string, CostedSession[], CostedRun[], Record<string, number>, number][] = [
  ['one session in its container', [session('a', 2, 6)], [run(0, 10)], { a: 4 }, 6],
  [
    'two sessions share what they share',
    [session('a', 0, 10), session('b', 5, 10)],
    [run(0, 10)],
    { a: 7.5, b: 2.5 },
    0,
  ],
  ['three at once', ['a', 'b', 'c'].map((id) => session(id, 0, 9)), [run(0, 9)], { a: 3, b: 3, c: 3 }, 0],
  ['a container that nobody used', [], [run(0, 10)], {}, 10],
  ['a session of another container', [session('a', 0, 10, { epoch: 2 })], [run(0, 10)], { a: 0 }, 10],
  [
    'a bead that was worked on in two containers',
    [session('a', 0, 5), session('a', 20, 24, { epoch: 2 })],
    [run(0, 5), run(20, 30, 2)],
    { a: 9 },
    6,
  ],
  ['a session that waited for its container', [session('a', 0, 10)], [run(4, 10)], { a: 6 }, 0],
  [
    'a session that ended as the next began',
    [session('a', 0, 5), session('b', 5, 10)],
    [run(0, 10)],
    { a: 5, b: 5 },
    0,
  ],
];

test.each(rows)('%s', (_, sessions, runs, byBead, unattributed) => {
  const report = costsBy('bead', sessions, runs, ALWAYS);
  expect(Object.fromEntries(report.rows.map(({ id, containerMinutes }) => [id, containerMinutes]))).toEqual(
    byBead,
  );
  expect(report.unattributedContainerMinutes).toBe(unattributed);
  const runMinutes = runs.reduce(
    (sum, { startedAt, stoppedAt }) => sum + (stoppedAt - startedAt) / 60_000,
    0,
  );
  expect(report.total.containerMinutes, 'no minute is lost or counted twice').toBeCloseTo(runMinutes);
});

test('each session counts once, for what it was for; by bead a landing review and the mayor are for none', () => {
  const sessions = [
    session('a', 0, 5, { convoyId: 'c' }),
    session('a', 5, 10, { convoyId: 'c' }),
    session(undefined, 10, 20, { convoyId: 'c', agentId: 'refinery' }),
    session(undefined, 20, 25, { agentId: 'mayor' }),
  ];
  const shown = (by: 'bead' | 'convoy' | 'agent') => {
    const { rows, other, total } = costsBy(by, sessions, [], ALWAYS);
    return { rows: rows.map(({ id, costUsd }) => [id, costUsd]), other: other.costUsd, total: total.costUsd };
  };
  expect(shown('bead')).toEqual({ rows: [['a', 2]], other: 2, total: 4 });
  expect(shown('convoy')).toEqual({ rows: [['c', 3]], other: 1, total: 4 });
  expect(shown('agent')).toEqual({
    rows: [
      ['agent of a', 2],
      ['mayor', 1],
      ['refinery', 1],
    ],
    other: 0,
    total: 4,
  });
});

/** Situation, window in minutes, then agent minutes, tokens and sessions in it. */
const windows: readonly [string, number, number, [number, number, number]][] = [
  ['around the session', 0, 20, [5, 100, 1]],
  ['its beginning: it ends later', 0, 8, [3, 0, 1]],
  ['its end', 8, 20, [2, 100, 1]],
  ['up to the instant of its end, which is not part', 0, 10, [5, 0, 1]],
  ['before it', 0, 5, [0, 0, 0]],
  ['after it', 11, 20, [0, 0, 0]],
];

test.each(windows)('a window %s', (_, from, to, [agentMinutes, inputTokens, sessions]) => {
  const window = { from: minutes(from), to: minutes(to) };
  const { total } = costsBy('bead', [session('a', 5, 10)], [run(0, 20)], window);
  expect(total).toMatchObject({ agentMinutes, inputTokens, sessions, containerMinutes: to - from });
});
