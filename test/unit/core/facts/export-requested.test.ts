import { expect, test } from 'vitest';
import type { InboxStatement } from '../../../../core/facts/inbox.ts';
import { applyFacts, town } from '../town-builder.ts';
import { rows } from './rows.ts';

const ask: InboxStatement = { type: 'export_requested', exportId: 'e', by: 'ann' };

rows([
  {
    situation: 'somebody wants the town as a file',
    town: { inbox: [ask] },
    applied: 1,
    decides: ['town town'],
    reason: 'export e asked for by ann',
  },
  {
    situation: 'a paused town is exported, too',
    town: { head: { lifecycle: 'paused' }, inbox: [ask] },
    applied: 1,
    decides: ['town town'],
  },
  {
    situation: 'one that is being deleted is not',
    town: { head: { lifecycle: 'deleting' }, inbox: [ask] },
    stale: 1,
  },
]);

test('asked for twice it is one effect; two exports are two', () => {
  const outcome = applyFacts(town({ inbox: [ask, ask, { ...ask, exportId: 'f' }] }));
  expect(outcome.outbox.put.map(({ effect }) => effect)).toEqual([
    { type: 'export_town', exportId: 'e' },
    { type: 'export_town', exportId: 'f' },
  ]);
  expect(outcome.send.map(({ key }) => key)).toEqual(['export_town:e', 'export_town:f']);
});
