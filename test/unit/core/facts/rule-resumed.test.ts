import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { createIds } from '../../../../core/ids.ts';
import { reconcile } from '../../../../core/reconcile.ts';
import type { Rule } from '../../../../core/rules/rule.ts';
import { bead, SEED, step, T0, town } from '../town-builder.ts';
import { rows } from './rows.ts';

const suspension = (rule: string) => ({ rule, since: T0 - 1, violation: 'x: y' });
const head = { suspendedRules: [suspension('bead/dispatch'), suspension('other')] };
const resume: InboxStatement = { type: 'rule_resumed', rule: 'bead/dispatch', by: 'ann' };

rows([
  {
    situation: 'a rule that is suspended',
    town: { head, inbox: [resume] },
    applied: 1,
    decides: ['town town'],
    reason: 'the rule bead/dispatch is resumed by ann',
  },
  {
    situation: 'twice',
    town: { head, inbox: [resume, resume] },
    applied: 1,
    stale: 1,
    decides: ['town town'],
  },
  { situation: 'one that is not', town: { inbox: [resume] }, stale: 1 },
  { situation: 'one that there is not', town: { head, inbox: [{ ...resume, rule: 'none' }] }, stale: 1 },
]);

test('it runs in the same step, the others stay suspended', () => {
  const of = town({ head, beads: [bead('a')], inbox: [resume] });
  const outcome = step(of);
  expect(outcome.decisions.map(({ rule }) => rule)).toContain('bead/dispatch');
  expect(outcome.suspendedRules).toEqual([suspension('other')]);
});

test('the last one leaves nothing suspended', () => {
  const of = town({ head: { suspendedRules: [suspension('bead/dispatch')] }, inbox: [resume] });
  expect(step(of).suspendedRules).toBeUndefined();
});

test('one that would break an invariant again is suspended again in that step; the statement is taken off', () => {
  const bad: Rule = {
    name: 'bad',
    run({ draft, decide }) {
      const one = draft.get('bead', 'a');
      if (one === undefined || one.rigId === 'none') return;
      decide({ subject: { kind: 'bead', id: 'a' }, reason: 'bad' });
      draft.put('bead', { ...one, rigId: 'none' });
    },
  };
  const invariant = {
    name: 'has-rig',
    check: ({ live }: Parameters<typeof reconcile>[0]) =>
      [...live.bead.values()].flatMap(({ rigId }) => (rigId === 'none' ? ['no rig'] : [])),
  };
  const of = town({
    head: { suspendedRules: [suspension('bad')] },
    beads: [bead('a')],
    inbox: [{ ...resume, rule: 'bad' }],
  });
  const good: Rule = { name: 'good', run: () => {} };
  const outcome = reconcile(of, [], T0, createIds(SEED, T0), {
    rules: [good, bad],
    invariants: [{ ...invariant, check: (draft) => invariant.check({ live: draft.live } as never) }],
  });
  expect(outcome.suspendedRules).toEqual([{ rule: 'bad', since: T0, violation: 'has-rig: no rig' }]);
  expect(outcome.changes).toEqual([]);
  expect([outcome.takenInbox, outcome.facts.quarantined]).toEqual([['inbox-0'], []]);
});
