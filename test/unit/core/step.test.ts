import { expect, test } from 'vitest';
import { createClock } from '../../../core/clock.ts';
import { Draft } from '../../../core/draft.ts';
import { createIds } from '../../../core/ids.ts';
import { createStep, newStepRecord, STEP_BUDGET } from '../../../core/step.ts';
import { bead, SEED, T0, town } from './town-builder.ts';

const begin = () => {
  const draft = new Draft(town(), T0);
  const record = newStepRecord();
  const step = createStep('rule', draft, createClock(T0), createIds(SEED, T0), record);
  return { draft, record, step };
};
const subject = { kind: 'container', id: '1' } as const;

test('an effect that is asked for twice is one: the first decision stands', () => {
  const { draft, record, step } = begin();
  const effect = { type: 'run_task', epoch: 1 } as const;
  step.ask(effect, step.decide({ subject, reason: 'first' }));
  step.ask(effect, step.decide({ subject, reason: 'second' }));
  expect([...draft.outbox.values()]).toMatchObject([{ key: 'run_task:1', decisionId: '8-0', attempt: 1 }]);
  expect(record.sent.size).toBe(1);
  expect(record.decisions.map(({ id, rule }) => [id, rule])).toEqual([
    ['8-0', 'rule'],
    ['8-1', 'rule'],
  ]);
});

test('there is room until the budget is spent; an archived record takes two places', () => {
  const { draft, record, step } = begin();
  for (let n = 0; n < STEP_BUDGET / 2 - 1; n += 1) draft.archive('bead', bead(`b${n}`, { status: 'closed' }));
  expect([draft.itemCount(), step.hasRoom(2), record.isOutOfRoom]).toEqual([STEP_BUDGET - 2, true, false]);
  expect([step.hasRoom(3), record.isOutOfRoom]).toEqual([false, true]);
});

test('a record made and taken away again in one step is no change', () => {
  const { draft } = begin();
  draft.put('bead', bead('a'));
  draft.delete('bead', 'a');
  expect([draft.changes(), draft.itemCount()]).toEqual([[], 0]);
});

test('a fork is a copy to try things on', () => {
  const { draft } = begin();
  draft.put('bead', bead('a'));
  const fork = draft.fork();
  fork.put('bead', bead('b'));
  fork.delete('bead', 'a');
  draft.put('bead', bead('c'));
  expect([...draft.live.bead.keys()]).toEqual(['a', 'c']);
  expect([...fork.live.bead.keys()]).toEqual(['b']);
});
