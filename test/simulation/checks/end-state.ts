import { explain } from '../../../core/explain.ts';
import { minutes } from '../../../core/town/instant.ts';
import type { Town } from '../../../core/town/town.ts';
import type { Wait } from '../../../core/wait.ts';
import type { ModelTown, World } from '../../contract/loop/world.ts';
import type { FaultName } from '../faults/all.ts';
import type { Story } from '../story/story.ts';
import type { ModelTable } from '../table/model-table.ts';
import { promise } from './failure.ts';
import { checkEndings, checkStatements, stepsIn } from './history.ts';
import type { Ledger } from './ledger.ts';

/** What held all along, as the table and the outside show it. */
export function checkSafety(world: World, table: ModelTable, ledger: Ledger): void {
  const { platform } = world;
  promise('one task at a time', platform.overlaps.length === 0, () => JSON.stringify(platform.overlaps));
  const starts = platform.starts.map(({ townId, epoch }) => `${townId} ${epoch}`);
  promise('an epoch starts once', new Set(starts).size === starts.length, () => starts.join(', '));
  for (const model of world.towns) checkTown(model, table, ledger);
}

function checkTown({ townId, remote, forge }: ModelTown, table: ModelTable, ledger: Ledger): void {
  const merged = remote.merges.map(({ mergeRequestId }) => mergeRequestId);
  promise('a merge request merges once', new Set(merged).size === merged.length, () => merged.join(', '));
  // People may merge what they like.
  const unseen = remote.merges.filter(
    ({ isEvaluated, mergeRequestId }) => !isEvaluated && !mergeRequestId.startsWith('a person'),
  );
  promise('only what was evaluated is merged', unseen.length === 0, () => JSON.stringify(unseen));
  promise('what is blocked is not merged', forge.blockedMerges.length === 0, () =>
    forge.blockedMerges.join(', '),
  );
  promise('a branch has one open pull request', forge.doubles.length === 0, () => forge.doubles.join(', '));
  const items = table.items(`TOWN#${townId}`);
  if (!items.has('LIVE#!HEAD')) {
    promise('a deleted town leaves nothing', items.size === 0, () => [...items.keys()].join(', '));
    return;
  }
  const steps = stepsIn(items);
  checkEndings(steps);
  const waiting = new Set(
    [...items.keys()].flatMap((sk) => (sk.startsWith('LIVE#INBOX#') ? [sk.slice(11)] : [])),
  );
  const isDeleting = items.get('LIVE#!HEAD')?.['lifecycle'] === 'deleting';
  if (!isDeleting) checkStatements(steps, ledger.accepted.get(townId) ?? new Set(), waiting);
  const deleted = new Set(
    steps.flatMap(({ decisions }) =>
      decisions.filter(({ to }) => to === 'deleted').map(({ subject }) => subject.id),
    ),
  );
  for (const id of ledger.made.get(townId) ?? []) {
    const isThere = items.has(`LIVE#BEAD#${id}`) !== items.has(`DONE#${id}`);
    promise('no bead is lost or doubled', isThere || deleted.has(id) || isDeleting, () => id);
  }
}

/**
 * A container is gone so long after the beginning of its last turn or job: a minute of that turn, five of idle time, one to save and
 * stop. The two in which the one before may have been stopped are part of the five.
 */
const STOP_MS = minutes(7);
/** What was sent before the calm has its effect after it. */
const AFTERMATH_MS = minutes(8);
/**
 * A message from newer code holds its town up until it is a dead letter, and there may be many of them; a session that hangs is at
 * work until it is given up after two hours.
 */
const HOLDS_UP: ReadonlySet<FaultName> = new Set(['newerMessage', 'agentHangs']);
/** Faults of any kind cost no more than this for each bead that was made: calls of RunTask, messages, turns of agents. */
export const EFFORT_PER_BEAD = { runs: 60, messages: 1500, turns: 120 };

/** After the faults have stopped everything has come to rest: what is left waits for people, and says so. */
export async function checkLiveness(
  world: World,
  table: ModelTable,
  ledger: Ledger,
  story: Story,
  startedAt: number,
): Promise<void> {
  const messages = world.townQueue.waiting + world.effectQueue.waiting;
  promise('the queues drain', messages === 0, () => `${messages} messages are left`);
  promise('containers stop', world.platform.alive.length === 0, () => world.platform.alive.join(', '));
  for (const { townId } of world.towns) {
    if (!table.items(`TOWN#${townId}`).has('LIVE#!HEAD')) continue;
    const town = await world.store.live(townId);
    if (town !== undefined) checkRest(town, world.time.now, ledger);
  }
  const calmAt = startedAt + story.calmAtMs + AFTERMATH_MS;
  const afterMs = world.platform.lastStoppedAt - Math.max(world.lastWorkAt, calmAt);
  const isHeldUp = story.faults.some(({ fault }) => HOLDS_UP.has(fault));
  promise(
    'a container stops soon after its last work',
    isHeldUp || afterMs <= STOP_MS,
    () => `${afterMs / 1000} s after it`,
  );
  const beads = Math.max(
    1,
    [...ledger.made.values()].reduce((sum, ids) => sum + ids.size, 0),
  );
  const effort = {
    runs: world.platform.runs,
    messages: world.townQueue.sent + world.effectQueue.sent,
    turns: world.turns,
  };
  for (const [name, most] of Object.entries(EFFORT_PER_BEAD)) {
    const spent = effort[name as keyof typeof effort];
    promise('effort is bounded', spent <= most * beads, () => `${spent} ${name} for ${beads} beads`);
  }
}

function checkRest(town: Town, now: number, ledger: Ledger): void {
  const accepted = ledger.accepted.get(town.head.id) ?? new Set();
  const made = ledger.made.get(town.head.id) ?? new Set();
  const { head, inbox, outbox, container, live } = town;
  promise(
    'a town at rest has no due time',
    head.dueAt === undefined,
    () => `${head.id} is due at ${head.dueAt}`,
  );
  promise('a town at rest has no failure', head.failure === undefined, () => JSON.stringify(head.failure));
  // Whoever heard of an error has to say it again: then the town is woken for it.
  const left = inbox.filter(({ id }) => accepted.has(id));
  promise('statements are taken up', left.length === 0, () => `${left.length} are left`);
  const open = [...outbox.values()].filter(({ exhaustedAt }) => exhaustedAt === undefined);
  promise('effects come to an end', open.length === 0, () => open.map(({ key }) => key).join(', '));
  promise('a town at rest has no container', container.state === 'absent', () => container.state);
  const suspended = head.suspendedRules?.map(({ rule }) => rule) ?? [];
  promise('rules that people resume are not suspended', suspended.length === 0, () => suspended.join(', '));
  const ofNoRig = (['bead', 'convoy', 'mergeRequest', 'agent', 'triageRequest'] as const).flatMap((kind) =>
    [...live[kind].values()].flatMap(({ id, rigId }) => (rigId === '' || live.rig.has(rigId) ? [] : [id])),
  );
  promise('a rig that is removed leaves nothing', ofNoRig.length === 0, () => ofNoRig.join(', '));
  const removing = [...live.rig.values()].filter((rig) => rig.removing !== undefined).map(({ id }) => id);
  const rows = explain(town, now);
  const stuck = removing.filter(
    (id) => !rows.some(({ subject, who }) => subject.id === id && who === 'human'),
  );
  promise('a rig that is being removed goes, or waits for people', stuck.length === 0, () =>
    stuck.join(', '),
  );
  for (const kind of ['bead', 'convoy', 'mergeRequest'] as const) {
    for (const [id, record] of live[kind]) {
      // So is a bead whose maker heard of an error: the next one, or whatever else wakes the town, finds it.
      if (kind === 'bead' && 'createdBy' in record && record.createdBy !== 'town' && !made.has(id)) continue;
      const row = rows.find(({ subject }) => subject.kind === kind && subject.id === id);
      promise(
        'what is left waits for somebody',
        row !== undefined && waitsForPeople(row, rows),
        () => `${kind} ${id}: ${JSON.stringify(row)}`,
      );
    }
  }
}

/** It, or what it waits for. */
function waitsForPeople(row: Wait, rows: readonly Wait[], depth = 0): boolean {
  if (row.who === 'human') return true;
  if (depth > rows.length) return false;
  const { heldBy } = row;
  if (heldBy === undefined) return row.waitingOn === 'beads';
  const holder = rows.find(({ subject }) => subject.kind === heldBy.kind && subject.id === heldBy.id);
  return holder !== undefined && waitsForPeople(holder, rows, depth + 1);
}
