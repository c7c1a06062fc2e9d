import { expect, test } from 'vitest';
import { agentReport } from '../../../core/protocol/sync.ts';
import { createAgentInbox } from '../../../task-image/agents/inbox.ts';
import type { AgentSession } from '../../../task-image/agents/session.ts';

/** A session whose agent answers everything with the same text. */
const sessionThatSays = (answer: string): AgentSession => ({
  state: () => ({ phase: 'idle', usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 } }),
  prompt: () => Promise.resolve(true),
  async ask(_, { onBegin, onAnswer }) {
    await onBegin?.();
    onAnswer(answer);
  },
  isInTurn: () => false,
  interject: () => Promise.resolve(true),
  ready: () => {},
  close: () => Promise.resolve(),
});

/** The container function refuses a longer report of all agents and jobs together. */
const REPORT_BYTES = 100 * 1024;

test.each([
  ['plain words', 'word '.repeat(4000), true],
  ['a script of three bytes a character', '語'.repeat(20_000), true],
  ['characters outside of the basic plane', '😀'.repeat(20_000), true],
  ['what JSON writes with six bytes a character', '\u0001x'.repeat(20_000), true],
  ['a short answer', 'Done.', false],
])('the last answers of a mayor fit in a report with room to spare: %s', async (_, answer, isCut) => {
  let changes = 0;
  const inbox = createAgentInbox({
    session: sessionThatSays(answer),
    isMayor: true,
    onTurn: () => Promise.resolve(),
    onChange: () => void (changes += 1),
  });
  const ids = ['1', '2', '3', '4', '5', '6'];
  inbox.deliver(ids.map((messageId) => ({ messageId, text: 'And now?' })));
  await expect.poll(() => changes).toBe(ids.length);
  const replies = inbox.replies();
  expect(replies).toHaveLength(5);
  expect(Buffer.byteLength(JSON.stringify(replies))).toBeLessThan(REPORT_BYTES / 2);
  expect(agentReport.shape.replies.safeParse(replies).success).toBe(true);
  for (const { text } of replies) {
    expect(text.isWellFormed()).toBe(true);
    expect(answer.startsWith(text.replace(/…$/, ''))).toBe(true);
    expect(text.endsWith('…')).toBe(isCut);
  }
});

/** A worker's session in a turn: what is to be said waits until `endTurn`. */
function sessionInTurn() {
  const said: string[] = [];
  const waiting: (() => void)[] = [];
  const session: AgentSession = {
    ...sessionThatSays(''),
    prompt: (text, isWanted = () => true) =>
      new Promise((resolve) => {
        waiting.push(() => {
          const isSaid = isWanted();
          if (isSaid) said.push(text);
          resolve(isSaid);
        });
      }),
  };
  const inbox = createAgentInbox({
    session,
    isMayor: false,
    onTurn: () => Promise.resolve(),
    onChange: () => {},
  });
  return { inbox, said, endTurn: () => waiting.splice(0).forEach((say) => say()) };
}

test('what the town has taken back meanwhile is not said, and is said when it is wanted again', async () => {
  const { inbox, said, endTurn } = sessionInTurn();
  const first = { messageId: '1', text: 'one' };
  const second = { messageId: '2', text: 'two' };
  inbox.deliver([first, second]);
  inbox.deliver([second]);
  endTurn();
  await expect.poll(() => inbox.delivered()).toEqual(['2']);
  inbox.deliver([first]);
  endTurn();
  await expect.poll(() => inbox.delivered()).toEqual(['2', '1']);
  expect(said).toEqual(['two', 'one']);
});

test('what waits for the next thing that is said is dropped when it is taken back before', async () => {
  const { inbox, said, endTurn } = sessionInTurn();
  const queued = { messageId: '1', text: 'by the way', mode: 'queue' } as const;
  inbox.deliver([queued]);
  inbox.deliver([{ messageId: '2', text: 'two' }]);
  endTurn();
  await expect.poll(() => inbox.delivered()).toEqual(['2']);
  inbox.deliver([queued]);
  inbox.deliver([queued, { messageId: '3', text: 'three' }]);
  endTurn();
  await expect.poll(() => inbox.delivered()).toEqual(['2', '1', '3']);
  expect(said).toEqual(['two', 'by the way\n\nthree']);
});
