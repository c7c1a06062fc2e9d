import { expect, test } from 'vitest';
import { desiredStateRule } from '../../../core/rules/desired-state.ts';
import { agent, container, mail, rig, runRules, town, worker, workedBead } from './town-builder.ts';

/** An item of the database has 400 KB. */
const ITEM_BYTES = 400_000;
/** As long as a nudge may be, three bytes a character. */
const LONG = '語'.repeat(4000);

const places = Array.from({ length: 12 }, (_, place) => String(place).padStart(2, '0'));
const idle = { mode: 'wait-idle' as const };

const told = (mails: ReturnType<typeof mail>[]) => {
  const desired = runRules(
    [desiredStateRule],
    town({
      rigs: [rig()],
      agents: [
        agent('mayor', { role: 'mayor', rigId: '', attempt: 1, status: 'working' }),
        ...places.map((place) => worker(`w${place}`, `b${place}`)),
      ],
      beads: places.map((place) => workedBead(`b${place}`, `w${place}`)),
      mails,
      container: container('running'),
    }),
  ).container?.desired;
  const messages = desired?.agents.flatMap((one) => one.messages.map(({ messageId }) => messageId)) ?? [];
  return { desired, messages };
};

test.each<[string, ReturnType<typeof mail>[], readonly string[]]>([
  [
    'what waits longest is said first, whoever it is for',
    places.flatMap((place) => places.map((n) => mail(`${n} ${place}`, `w${place}`, { text: LONG, ...idle }))),
    ['00 00', '00 11', '01 00'],
  ],
  [
    'what is written to the mayor comes before what is said to others',
    [
      ...places.flatMap((place) => places.map((n) => mail(`0 ${n} ${place}`, `w${place}`, { text: LONG }))),
      ...places.map((n) => mail(`1 ${n}`, 'mayor', { text: LONG })),
    ],
    ['1 00', '1 01', '1 02', '1 03', '1 04'],
  ],
  [
    'what is only to be said with the next thing keeps nothing away',
    [
      ...places.flatMap((place) =>
        places.map((n) => mail(`0 ${n} ${place}`, `w${place}`, { text: LONG, mode: 'queue' })),
      ),
      mail('1', 'w03', { text: LONG, ...idle }),
    ],
    ['1'],
  ],
])('however much is said to how many agents, it fits in the container: %s', (_, mails, expected) => {
  const { desired, messages } = told(mails);
  expect(messages).toEqual(expect.arrayContaining([...expected]));
  expect(messages.length).toBeLessThan(mails.length);
  expect(Buffer.byteLength(JSON.stringify(desired))).toBeLessThan(ITEM_BYTES * 0.6);
});
