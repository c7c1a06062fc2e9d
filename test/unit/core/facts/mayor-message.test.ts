import { expect, test } from 'vitest';
import { mayorIdOf } from '../../../../core/acts/mayor.ts';
import { agent, applyFacts, mail, T0, town } from '../town-builder.ts';
import { left, rows } from './rows.ts';

const wrote = { type: 'mayor_message', messageId: 'letter', text: 'Hello', by: 'alice' } as const;
const ensured = { type: 'mayor_ensured', by: 'alice' } as const;
const mayor = (status: 'idle' | 'working' | 'waiting') =>
  agent('mayor', { role: 'mayor', rigId: '', attempt: 4, status });
const MADE = mayorIdOf({ id: 'town', createdAt: T0 });

rows([
  {
    situation: 'the first message makes the mayor, under the id that people were told',
    town: { inbox: [wrote] },
    applied: 1,
    decides: [`agent ${MADE}`],
    reason: 'alice wrote to the mayor',
  },
  {
    situation: 'a message that waits already',
    town: { inbox: [wrote], agents: [mayor('idle')], mails: [mail('letter', 'mayor')] },
    stale: 1,
  },
  {
    situation: 'the first ensure makes the mayor',
    town: { inbox: [ensured] },
    applied: 1,
    decides: [`agent ${MADE}`],
  },
  {
    situation: 'two ensures at once make one mayor',
    town: { inbox: [ensured, ensured] },
    applied: 2,
    decides: [`agent ${MADE}`, `agent ${MADE}`],
  },
]);

test('a message is mail for the first session that can hear it, and part of the chat; the context is for the mayor alone', () => {
  for (const [status, attempt] of [
    ['idle', 5],
    ['working', 4],
    ['waiting', 4],
  ] as const) {
    const parts = { inbox: [{ ...wrote, context: 'the page of app' }], agents: [mayor(status)] };
    expect(left(parts)).toContainEqual(
      expect.objectContaining({
        kind: 'mail',
        id: 'letter',
        agentId: 'mayor',
        attempt,
        text: expect.stringContaining('the page of app'),
      }),
    );
    expect(applyFacts(town(parts)).history).toEqual([
      { kind: 'chat', id: 'letter', from: 'user', by: 'alice', text: 'Hello', at: T0 },
    ]);
  }
});

test('an ensure asks an idle mayor for a session, and only keeps one that is there', () => {
  for (const [status, isWanted] of [
    ['idle', true],
    ['working', false],
    ['waiting', false],
  ] as const) {
    expect(left({ inbox: [ensured], agents: [mayor(status)] })).toEqual([
      expect.objectContaining({ kind: 'agent', status, isWanted, lastActiveAt: T0 }),
    ]);
  }
});
