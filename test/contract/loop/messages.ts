import { describe, expect, it } from 'vitest';
import { effectMessage } from '../../../core/effects.ts';
import { townMessage } from '../../../core/facts/message.ts';
import { MESSAGE_VERSION } from '../../../core/facts/message.ts';
import { minutes, seconds, type Instant } from '../../../core/town/instant.ts';
import { checkEnd } from './end-state.ts';
import type { Delivery } from './model-queue.ts';
import { begin, effort, tell, type GetSubject } from './story.ts';
import { createRandom } from './virtual-time.ts';
import { World, type Plan } from './world.ts';

const AT_ONCE = [50];

/**
 * Every wake-up, announcement, poke and first try of an effect is lost, and the first answer to each: only the sweeper, the
 * syncs and the repetitions of the outbox go on. (Were every try lost for ever, nothing could ever start.)
 */
function loseAll(): Pick<Plan, 'townDelivery' | 'effectDelivery'> {
  const answered = new Set<string>();
  return {
    townDelivery: ({ body, dedupId }) => {
      const { fact } = townMessage.parse(JSON.parse(body));
      if (dedupId?.startsWith('sweep-') === true) return AT_ONCE;
      if (fact?.type !== 'effect_result' || fact.attempt < 2) return [];
      const isFirst = !answered.has(fact.key);
      answered.add(fact.key);
      return isFirst ? [] : AT_ONCE;
    },
    effectDelivery: ({ body }) => {
      const message = effectMessage.parse(JSON.parse(body));
      return message.type === 'effect' && message.attempt > 1 ? AT_ONCE : [];
    },
  };
}

function loseEvery(nth: number): Delivery {
  let sent = 0;
  return () => ((sent += 1) % nth === 0 ? [] : AT_ONCE);
}

function latelyUpTo(ms: number, seed: number, copies: number): Delivery {
  const random = createRandom(seed);
  return () => Array.from({ length: copies }, () => Math.ceil(random() * ms));
}

const DELIVERIES: readonly { of: string; plan: () => Plan }[] = [
  { of: 'every message is lost', plan: loseAll },
  ...[2, 3, 5].map((nth) => ({
    of: `every ${nth}. message is lost`,
    plan: () => ({ townDelivery: loseEvery(nth), effectDelivery: loseEvery(nth) }),
  })),
  {
    of: 'every message comes three times, the last time after deduplication has forgotten it',
    plan: () => ({
      townDelivery: () => [50, 500, minutes(6)],
      effectDelivery: () => [50, 500, minutes(6)],
    }),
  },
  ...[1, 2, 3].map((seed) => ({
    of: `every message comes one to three times, in any order, up to 2 minutes late (seed ${seed})`,
    plan: () => ({
      seed,
      townDelivery: latelyUpTo(minutes(2), seed, 1 + (seed % 3)),
      effectDelivery: latelyUpTo(minutes(2), seed + 100, 1 + ((seed + 1) % 3)),
    }),
  })),
];

export function messageContract(getSubject: GetSubject): void {
  for (const { of, plan } of DELIVERIES) {
    it(`the demo convoy lands when ${of}, with the same work`, async () => {
      const subject = getSubject();
      const story = await tell(subject, plan());
      expect(await effort(subject, story)).toEqual({
        attempts: ['a 1', 'b 1', 'c 1'],
        tasks: 1,
        turns: 7,
      });
    });
  }

  it('several towns that share queues and batches do not disturb each other', async () => {
    const { store } = getSubject();
    const world = new World(store, {
      seed: 4,
      townDelivery: latelyUpTo(seconds(20), 4, 2),
      effectDelivery: latelyUpTo(seconds(20), 5, 2),
    });
    const towns = [await world.createTown(), await world.createTown(), await world.createTown()];
    for (const town of towns) await world.startDemo(town);
    await world.run();
    for (const town of towns) await checkEnd(world, store, town);
    expect(world.platform.starts).toHaveLength(3);
  });

  describe('without a sweeper for an hour in the middle of a cooldown', () => {
    it.each([{ isLossy: false }, { isLossy: true }])(
      'an hour is lost and nothing else (messages lost as well: $isLossy)',
      async ({ isLossy }) => {
        const subject = getSubject();
        const tellWith = async (hole: number) => {
          let from: Instant | undefined;
          const isInHole = (now: Instant): boolean => from !== undefined && now >= from && now < from + hole;
          const now = { of: (): Instant => 0 };
          const lost: Delivery = () => (isLossy && isInHole(now.of()) ? [] : AT_ONCE);
          const { world, town } = await begin(subject, {
            isSweeping: (at) => !isInHole(at),
            townDelivery: lost,
            effectDelivery: lost,
            ending: ({ work }, nth) => {
              if (work.kind !== 'bead' || work.title !== 'a' || nth > 1) return undefined;
              // The turn takes a minute; the bead cools down for 30 s after it.
              from = now.of() + minutes(1) + seconds(5);
              return 'exit';
            },
          });
          now.of = () => world.time.now;
          await world.run();
          await checkEnd(world, subject.store, town);
          return { ms: world.elapsedMs, effort: await effort(subject, { world, town }) };
        };
        const usual = await tellWith(0);
        const late = await tellWith(minutes(60));
        expect(late.effort).toEqual(usual.effort);
        expect(late.effort).toEqual({ attempts: ['a 2', 'b 1', 'c 1'], tasks: 1, turns: 8 });
        expect(late.ms - usual.ms).toBeLessThan(minutes(64));
        // As long as messages come, the convoy's other bead keeps the town awake.
        expect(late.ms - usual.ms).toBeGreaterThanOrEqual(minutes(isLossy ? 50 : 0));
      },
    );
  });

  it('poison: bad messages are quarantined and their group goes on; newer ones end as dead letters', async () => {
    const subject = getSubject();
    const { world, town } = await begin(subject);
    const { townId } = town;
    const send = (message: unknown): void =>
      world.townQueue.send({ body: JSON.stringify(message), group: townId });
    world.townQueue.send({ body: '{ not JSON', group: townId });
    send({ v: 1, townId, fact: { type: 'no_such_fact', epoch: 1 } });
    send({ v: 1, townId: '' });
    world.effectQueue.send({ body: '{ not JSON', group: townId });
    world.effectQueue.send({ body: '{"type":"no_such_effect"}', group: townId });
    // These speak of what is not there: they change nothing.
    const result = { ok: true } as const;
    world.tell({ v: 1, townId, fact: { type: 'effect_result', key: 'run_task:77', attempt: 1, result } });
    world.tell({ v: 1, townId, fact: { type: 'task_stopped', epoch: 77, reason: 'of another time' } });
    world.tell({ v: 1, townId: 'no-such-town' });
    const gone = { type: 'agent_done', agentId: 'gone', beadId: 'deleted', attempt: 1, branch: 'b' } as const;
    const { now } = world.time;
    await subject.store.addInbox(townId, { id: 'a-deleted-bead', at: now, statement: gone });
    const cancelled = { type: 'bead_cancelled', beadId: 'deleted', as: 'closed', by: 'somebody' } as const;
    await subject.store.addInbox(townId, { id: 'b-deleted-bead', at: now, statement: cancelled });
    world.bumps.set(townId, (world.bumps.get(townId) ?? 0) + 2);
    // Last: what follows it in its group waits for it, and may end with it.
    send({ v: MESSAGE_VERSION + 1, townId, fact: { type: 'of_the_future' } });
    await world.run();
    await checkEnd(world, subject.store, town);
    const items = await subject.items(`TOWN#${townId}`);
    const quarantined = [...items]
      .filter(([sk]) => sk.startsWith('QUARANTINE#'))
      .map(([, item]) => item['fact']);
    expect(quarantined).toHaveLength(3);
    expect(quarantined).toContain('{ not JSON');
    expect(world.townQueue.dead.map(({ body }) => body)).toEqual([expect.stringContaining('of_the_future')]);
    expect(world.effectQueue.dead).toEqual([]);
    expect(world.metric('reconcile.facts_stale')).toBeGreaterThanOrEqual(4);
    expect(await effort(subject, { world, town })).toMatchObject({ tasks: 1, turns: 7 });
  });
}
