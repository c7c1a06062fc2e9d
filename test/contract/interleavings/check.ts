import { createIds } from '../../../core/ids.ts';
import type { TownStore } from '../../../core/ports.ts';
import { reconcile } from '../../../core/reconcile.ts';
import { minutes } from '../../../core/town/instant.ts';
import { promise } from '../../simulation/checks/failure.ts';
import type { Scene } from './scene.ts';

const json = (value: unknown) => (): string => JSON.stringify(value);
const twice = <T>(all: readonly T[]): T[] => all.filter((one, at) => all.indexOf(one) !== at);

/** What must hold when the dust has settled, in whatever order all the calls were. */
export async function check(scene: Scene, store: TownStore): Promise<void> {
  const { townId, kept, ledger, tasks } = scene;
  if (ledger.failure !== undefined) throw ledger.failure;
  const doubled = [...kept.commits].filter(([, times]) => times > 1);
  promise('a version is committed once', doubled.length === 0, json(doubled));
  const town = await store.live(townId);
  if (town === undefined) throw new Error('the town is gone');
  const log = await store.log(townId, 10_000);
  const made = { log: log.length, bumps: kept.bumps, version: town.head.version };
  promise(
    'every version is a commit or a bump',
    log.length + kept.bumps === town.head.version - 1,
    json(made),
  );

  const epochs = tasks.starts.map(({ epoch }) => epoch);
  promise('an effect happens once', twice(epochs).length === 0, json(epochs));
  promise('a town has one task', tasks.overlaps.length === 0, json(tasks.overlaps));

  const accepted = [...(ledger.accepted.get(townId) ?? [])];
  const untrue = accepted.filter((id) => kept.taken.get(id) !== 1);
  promise('a statement is applied once', untrue.length === 0, json(untrue));
  promise('nothing else is applied', kept.taken.size === accepted.length, json([...kept.taken.keys()]));

  const ended = (await store.archivedOf(townId, 'bead')).map(({ id }) => id).toSorted();
  promise('a bead that was asked for is there, and ends', same(ended, new Set(scene.created)), () =>
    JSON.stringify({ ended, created: scene.created }),
  );
  const ends = log
    .flatMap(({ decisions }) => decisions)
    .filter(({ to }) => to === 'closed' || to === 'failed' || to === 'merged')
    .map(({ subject, to }) => `${subject.kind} ${subject.id} ${to}`);
  promise('nothing ends twice', twice(ends).length === 0, json(twice(ends)));

  const { head, inbox, outbox, container } = town;
  const left = { dueAt: head.dueAt, failure: head.failure, inbox, outbox: [...outbox.keys()] };
  promise('nothing is left', JSON.stringify(left) === '{"inbox":[],"outbox":[]}', json(left));
  promise('no task is left', container.state === 'absent' && tasks.alive === undefined, json(container));
  for (const later of [0, 60, 600]) {
    const now = scene.now + minutes(later);
    const { decisions, changes, send, dueAt } = reconcile(town, [], now, createIds('again', now));
    const more = { decisions, changes, send };
    promise(
      'looking again decides nothing',
      decisions.length + changes.length + send.length === 0,
      json(more),
    );
    promise('looking again makes nothing due', dueAt === undefined, json(dueAt));
  }
  await scene.again();
  const after = await store.head(townId);
  promise('looking again writes nothing', JSON.stringify(after) === JSON.stringify(head), json(after));
  promise('no reconcile fails', scene.errors.length === 0, json(scene.errors));
}

const same = (sorted: readonly string[], wanted: ReadonlySet<string>): boolean =>
  JSON.stringify(sorted) === JSON.stringify([...wanted].toSorted());
