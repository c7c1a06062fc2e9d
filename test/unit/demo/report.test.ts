import { expect, test } from 'vitest';
import { createCounters } from '../../../local/counters.ts';
import { phasesOf } from '../../../local/demo/phases.ts';
import { hopeless, unfinished } from '../../../local/demo/read-town.ts';
import type { EventAnswer, Snapshot } from '../../../local/demo/records.ts';
import { finalReport } from '../../../local/demo/report.ts';
import { bead, event, landed, snapshot } from './snapshots.ts';

const titles = new Map([
  ['bead-1', 'One'],
  ['bead-2', 'Two'],
]);

const phaseRows: { name: string; events: EventAnswer[]; phases: string[] }[] = [
  { name: 'nothing happened', events: [], phases: [] },
  {
    name: 'each phase lasts until the next of the same subject; the last has no end',
    events: [
      event(9, 'bead-1', 'in_review', 'closed'),
      event(7, 'bead-2', 'open', 'in_progress'),
      event(4.5, 'bead-1', 'in_progress', 'in_review'),
      event(1, 'bead-1', 'open', 'in_progress'),
    ],
    phases: ['One open 0', 'One in_progress 3.5', 'Two open 0', 'One in_review 4.5'],
  },
  {
    name: 'a subject without a title, or a change without a state, is left out',
    phases: [],
    events: [event(2, 'container-1', 'starting', 'running'), event(1, 'bead-1', 'open', undefined)],
  },
  {
    name: 'a phase that comes twice counts twice',
    events: [
      event(6, 'bead-1', 'open', 'in_progress'),
      event(3, 'bead-1', 'in_progress', 'open'),
      event(1, 'bead-1', undefined, 'in_progress'),
    ],
    phases: ['One in_progress 2', 'One open 3'],
  },
];
test.for(phaseRows)('phases: $name', ({ events, phases }) => {
  const found = phasesOf(events, titles).map(
    ({ subject, phase, seconds }) => `${subject} ${phase} ${seconds}`,
  );
  expect(found).toEqual(phases);
});

const endRows: { name: string; town: Snapshot; unfinished?: string; hopeless?: string }[] = [
  { name: 'landed, idle and without a container', town: landed },
  { name: 'with an open bead', town: snapshot(), unfinished: '1 beads are not closed' },
  {
    name: 'with an open convoy',
    town: { ...landed, convoys: [{ id: 'convoy-1', title: 'Invoices', state: 'landing' }] },
    unfinished: 'the convoy is landing',
  },
  {
    name: 'with a container',
    town: { ...landed, status: { container: { state: 'draining', epoch: 1 }, dueAt: null } },
    unfinished: 'the container is draining',
  },
  {
    name: 'that will be woken',
    town: { ...landed, status: { ...landed.status, dueAt: '2026-01-01T00:00:00.000Z' } },
    unfinished: 'the town is due at 2026-01-01T00:00:00.000Z',
  },
  {
    name: 'with a failed bead',
    town: { ...landed, beads: [bead('bead-1', 'closed'), bead('bead-2', 'failed')] },
    unfinished: '1 beads are not closed',
    hopeless: 'the bead "Title of bead-2" failed',
  },
  {
    name: 'whose convoy needs somebody',
    town: { ...landed, convoys: [{ id: 'convoy-1', title: 'Invoices', state: 'needs_attention' }] },
    unfinished: 'the convoy is needs_attention',
    hopeless: 'the convoy "Invoices" needs attention',
  },
];
test.for(endRows)('a town $name', ({ town, ...expected }) => {
  expect({ unfinished: unfinished(town), hopeless: hopeless(town) }).toEqual({
    unfinished: expected.unfinished,
    hopeless: expected.hopeless,
  });
});

test('the final report has the history, how long each phase took, and what was spent', () => {
  const counters = createCounters();
  counters.add('dynamodb.town.readUnits', 12.34);
  counters.add('sqs.townMessages', 3);
  counters.add('reconcile.steps', 5);
  const options = {
    snapshot: { ...landed, convoys: [{ id: 'convoy-1', title: 'Invoices', state: 'landed' }] },
    events: [event(4, 'bead-1', 'in_progress', 'closed'), event(1, 'bead-1', 'open', 'in_progress')],
    history: '* abc Merge',
    branch: 'main',
    counters,
    model: { requests: 9, inputTokens: 1000, outputTokens: 50 },
  };
  const report = finalReport(options);
  const lines = report.split('\n');
  expect(report).toContain('git log of main\n* abc Merge\n');
  expect(lines).toContain(`  ${'Title of bead-1'.padEnd(24)} ${'in_progress'.padEnd(16)}    3.0`);
  expect(report).not.toMatch(/Title of bead-1 +open/);
  expect(report).toMatch(/the town: 12\.3 read units, 0 write units, 0 calls/);
  expect(report).toMatch(/messages +3 town, 0 effects, 0 pokes/);
  expect(report).toMatch(/reconciles +5 steps, 0 empty/);
  // A convoy has no usage of its own.
  expect(report).toMatch(/agents +200 input and 20 output tokens/);
  expect(report).toMatch(/model +9 requests, 1000 input and 50 output tokens/);
  expect(finalReport({ ...options, model: undefined })).not.toMatch(/^ +model/m);
});
