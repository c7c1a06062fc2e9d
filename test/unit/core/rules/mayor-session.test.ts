import { mayorSession } from '../../../../core/rules/mayor-session.ts';
import { minutes, seconds } from '../../../../core/town/instant.ts';
import { agent, container, mail, observed, T0 } from '../town-builder.ts';
import { rows } from './rows.ts';

const mayor = (over: Parameters<typeof agent>[1] = {}) =>
  agent('mayor', { role: 'mayor', rigId: '', attempt: 1, ...over });
const letter = mail('letter', 'mayor');

rows(mayorSession, T0, [
  { situation: 'nobody has asked for a mayor', town: {}, waits: [], dueAfterMs: null },
  { situation: 'an idle mayor that nobody wants', town: { agents: [mayor()] }, waits: [], dueAfterMs: null },
  {
    situation: 'somebody asked for it',
    town: { agents: [mayor({ isWanted: true })] },
    decides: ['agent mayor: idle → working'],
    reason: 'session 2: somebody asked for it',
  },
  {
    situation: 'a message waits',
    town: { agents: [mayor()], mails: [letter, mail('other', 'mayor')] },
    decides: ['agent mayor: idle → working'],
    reason: '2 messages wait for it',
  },
  {
    situation: 'a message waits, also while the container drains: that is cancelled',
    town: { agents: [mayor()], mails: [letter], container: container('draining') },
    decides: ['agent mayor: idle → working'],
  },
  {
    situation: 'what is only to be said with the next thing starts nothing',
    town: { agents: [mayor()], mails: [mail('aside', 'mayor', { mode: 'queue' })] },
    waits: [],
  },
  {
    situation: 'the container has saved and goes',
    town: {
      agents: [mayor()],
      mails: [letter],
      container: container('draining'),
      observed: observed({ phase: 'drained' }),
    },
    reason: 'the next one has the mayor',
    waits: ['agent mayor: waiting on container'],
    dueAfterMs: null,
  },
  {
    situation: 'the last session broke a moment ago',
    town: { agents: [mayor({ failures: 1, lastFailedAt: T0, lastProblem: 'no key' })], mails: [letter] },
    afterMs: seconds(29),
    reason: '1 sessions of the mayor in a row broke, the last one: no key',
    waits: ['agent mayor: waiting on cooldown'],
    dueAfterMs: seconds(30),
  },
  {
    situation: 'the wait after a session that broke is over',
    town: { agents: [mayor({ failures: 1, lastFailedAt: T0 })], mails: [letter] },
    afterMs: seconds(30),
    decides: ['agent mayor: idle → working'],
  },
  {
    situation: 'five sessions broke one after the other',
    town: { agents: [mayor({ failures: 5, lastFailedAt: T0 })], mails: [letter] },
    waits: ['agent mayor: needs_attention on cooldown'],
    dueAfterMs: minutes(10),
  },
  {
    situation: 'the town is paused',
    town: { head: { lifecycle: 'paused' }, agents: [mayor()], mails: [letter] },
    reason: 'a message: the town is paused',
    waits: ['agent mayor: waiting on resume'],
    dueAfterMs: null,
  },
  {
    situation: 'the mayor starts with its container',
    town: { agents: [mayor({ status: 'working' })], mails: [letter], container: container('starting') },
    reason: 'mayor is told when the container runs (it is starting)',
    waits: ['agent mayor: waiting on container'],
  },
  {
    situation: 'the mayor works on it',
    town: { agents: [mayor({ status: 'working' })], mails: [letter], container: container('running') },
    waits: ['agent mayor: progressing on agent'],
  },
  {
    situation: 'a ready mayor to whom nobody has written',
    town: { agents: [mayor({ status: 'waiting' })], container: container('running') },
    waits: [],
  },
]);
