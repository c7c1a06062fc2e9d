import * as fc from 'fast-check';
import type { OutboxRow } from '../../../core/effects.ts';
import type { TownStore } from '../../../core/ports.ts';
import type { ChatEntry, RunEntry } from '../../../core/town/history.ts';
import type { Town } from '../../../core/town/town.ts';
import { dueShard } from '../../../lambdas/adapters/dynamodb/due-shard.ts';
import { bead, drafted, liveTown, NOW, statement } from '../../contract/store/towns.ts';

/** What a sequence goes on with: the towns as they were last read, the stale ones among them. */
export interface Reader {
  readonly store: TownStore;
  /** Prefix of the ids of this sequence. */
  readonly names: string;
  readonly read: Map<string, Town>;
}

/** An operation says what it was answered; the same on every store. */
export interface Operation {
  readonly name: string;
  run(reader: Reader): Promise<unknown>;
  [fc.toStringMethod](): string;
}

const TOWNS = ['t1', 't2'];
const IDS = ['a', 'b', 'c'];
const KEYS = ['run_task:1', 'run_task:2'];

const town = fc.constantFrom(...TOWNS);
const id = fc.constantFrom(...IDS);
const key = fc.constantFrom(...KEYS);
/** Few instants, so that they meet. */
const at = fc.integer({ min: 0, max: 5 }).map((seconds) => NOW + seconds * 1000);
const text = fc.constantFrom('', 'short', 'ünïcode ☂', 'x'.repeat(70_000));
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });

const row = (outboxKey: string, attempt: number): OutboxRow => ({
  key: outboxKey,
  effect: { type: 'run_task', epoch: Number(outboxKey.slice('run_task:'.length)) },
  decisionId: '1-0',
  attempt,
  sentAt: NOW,
  createdAt: NOW,
});
const run = (epoch: number): RunEntry => ({
  kind: 'run',
  epoch,
  startedAt: NOW,
  stoppedAt: NOW + epoch,
  reason: 'drained',
});
const chat = (chatId: string): ChatEntry => ({
  kind: 'chat',
  id: chatId,
  from: 'user',
  text: 'Well?',
  at: NOW,
});

/** Among its numbers are some that the client or the service refuses. */
const fact = fc.oneof(
  fc.string(),
  fc.constantFrom(0, 1.5, -7, 1e-100, 1e-131, 2 ** 53, -1e300, 2 ** 53 - 1),
  fc.array(fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.constant({ 'a.b': {}, '': [] }))),
);

/** Everything of a call but where it goes, from what was drawn for it. */
type Acts<T> = (reader: Reader & { readonly townId: string }, drawn: T) => Promise<unknown>;

function operation<T>(name: string, drawn: { [K in keyof T]: fc.Arbitrary<T[K]> }, act: Acts<T>) {
  return fc.tuple(town, fc.record(drawn, { noNullPrototype: true })).map(([of, values]): Operation => {
    const text = `${name} ${of} ${fc.stringify(values).slice(0, 300)}`;
    return {
      name: text,
      run: (reader) => act({ ...reader, townId: `${reader.names}-${of}` }, values),
      // How a counterexample shows it.
      [fc.toStringMethod]: () => text,
    };
  });
}

/** As it was last read by this sequence, whatever has happened since; or read now. */
async function townOf({ store, read, townId }: Reader & { townId: string }, isStale: boolean): Promise<Town> {
  const known = read.get(townId);
  if (isStale && known !== undefined) return known;
  const found = await liveTown(store, townId);
  read.set(townId, found);
  return found;
}

const isStale = fc.nat(3).map((lot) => lot === 0);

const createTown = operation(
  'createTown',
  { at, maxPolecats: maybe(fc.integer({ min: 1, max: 3 })) },
  ({ store, townId, names }, drawn) =>
    store.createTown({
      head: {
        id: townId,
        name: 'Gas',
        ownerId: `${names}-owner`,
        orgId: townId.endsWith('2') ? names : undefined,
      },
      config: { rev: 1, maxPolecatsPerRig: drawn.maxPolecats },
      at: drawn.at,
    }),
);

const commit = operation(
  'commit',
  {
    isStale,
    at,
    dueAt: maybe(at),
    put: fc.subarray(IDS),
    end: fc.subarray(IDS),
    drop: maybe(id),
    epoch: maybe(fc.integer({ min: 1, max: 2 })),
    outbox: maybe(key),
    done: maybe(key),
    isRemembered: fc.boolean(),
    label: fc.string(),
  },
  async (reader, drawn) => {
    const before = await townOf(reader, drawn.isStale);
    const decided = drafted(
      before,
      drawn.at,
      (draft) => {
        for (const one of drawn.put)
          draft.put('bead', { ...(draft.get('bead', one) ?? bead(one)), labels: [drawn.label] });
        for (const one of drawn.end) {
          const live = draft.get('bead', one);
          if (live !== undefined) draft.archive('bead', { ...live, status: 'closed' });
        }
        if (drawn.drop !== undefined && draft.get('bead', drawn.drop) !== undefined)
          draft.delete('bead', drawn.drop);
        if (drawn.epoch !== undefined)
          draft.setContainer({ ...draft.container, state: 'starting', epoch: drawn.epoch });
        if (drawn.outbox !== undefined)
          draft.setOutbox(row(drawn.outbox, (draft.outbox.get(drawn.outbox)?.attempt ?? 0) + 1));
        if (drawn.done !== undefined) draft.dropOutbox(drawn.done);
        for (const item of before.inbox) draft.takenInbox.add(item.id);
      },
      {
        dueAt: drawn.dueAt,
        history: drawn.isRemembered ? [run(before.head.version), chat(drawn.label)] : [],
      },
    );
    await reader.store.commit(before, decided, drawn.at);
  },
);

const WRITES = [
  createTown,
  commit,
  operation('create', { isStale, id, text: maybe(text), at }, async (reader, drawn) => {
    const bodies = new Map(drawn.text === undefined ? [] : [[drawn.id, drawn.text]]);
    const beads = [bead(drawn.id, { hasBody: bodies.size > 0 })];
    await reader.store.create(await townOf(reader, drawn.isStale), { beads, bodies }, drawn.at);
  }),
  operation(
    'edit',
    { isStale, id, at, title: fc.string(), isPaused: maybe(fc.boolean()) },
    async (reader, drawn) => {
      const before = await townOf(reader, drawn.isStale);
      const { changes } = drafted(before, drawn.at, (draft) => {
        const live = draft.get('bead', drawn.id);
        if (live !== undefined) draft.put('bead', { ...live, title: drawn.title });
      });
      const edit = {
        rule: 'api/edit',
        subject: { kind: 'town', id: 'any' },
        reason: 'asked for',
        by: 'ann',
      } as const;
      const lifecycle = drawn.isPaused === true ? 'paused' : 'active';
      await reader.store.edit(
        before,
        { ...edit, changes, ...(drawn.isPaused === undefined ? {} : { lifecycle }) },
        drawn.at,
      );
    },
  ),
  operation('addBead', { id, text: maybe(text), at }, ({ store, townId }, drawn) =>
    store.addBead(
      townId,
      bead(drawn.id, { createdAt: drawn.at, hasBody: drawn.text !== undefined }),
      drawn.text,
    ),
  ),
  operation('addInbox', { id }, ({ store, townId }, drawn) => store.addInbox(townId, statement(drawn.id))),
  operation('due', { isStale, at, dueAt: maybe(at) }, async (reader, drawn) => {
    const before = await townOf(reader, drawn.isStale);
    await reader.store.commit(
      before,
      drafted(before, drawn.at, () => {}, { dueAt: drawn.dueAt }),
      drawn.at,
    );
  }),
  operation('recordFailure', { at, error: fc.string() }, ({ store, townId }, drawn) =>
    store.recordFailure(townId, { since: NOW, count: 1, error: drawn.error }, drawn.at),
  ),
  operation('watch', { at }, ({ store, townId }, drawn) => store.watch(townId, drawn.at)),
  operation('quarantine', { id, at, fact }, ({ store, townId }, drawn) =>
    store.quarantine(townId, { source: 'message', id: drawn.id, fact: drawn.fact, error: 'no' }, drawn.at),
  ),
  operation('claimOutbox', { key, at, forMs: fc.constantFrom(0, 1000, 3000) }, ({ store, townId }, drawn) =>
    store.claimOutbox(townId, drawn.key, drawn.at, drawn.at + drawn.forMs),
  ),
  operation('releaseOutbox', { key, at }, ({ store, townId }, drawn) =>
    store.releaseOutbox(townId, drawn.key, drawn.at),
  ),
  operation(
    'observe',
    { epoch: fc.integer({ min: 1, max: 2 }), sequence: fc.nat(3), at, isLong: fc.nat(9) },
    ({ store, townId }, { epoch, sequence, at: syncedAt, isLong }) => {
      const reason = 'x'.repeat(isLong === 0 ? 110_000 : 3);
      const usage = { inputTokens: 1, outputTokens: 0, costUsd: 0.1 };
      const agent = {
        agentId: 'x',
        attempt: 1,
        state: 'working',
        reason,
        usage,
        deliveredMessageIds: [],
      } as const;
      const agents = [{ ...agent, deliveredMessageIds: [] }];
      return store.observe(townId, { epoch, sequence, syncedAt, phase: 'running', agents, jobs: [] });
    },
  ),
  operation('removeArchived', { id }, ({ store, townId }, drawn) => store.removeArchived(townId, drawn.id)),
];

const limit = fc.integer({ min: 1, max: 4 });
const READS = [
  operation('live', {}, (reader) => townOf(reader, false)),
  operation('head', {}, ({ store, townId }) => store.head(townId)),
  operation('towns', { isOfOrg: fc.boolean() }, ({ store, names }, { isOfOrg }) =>
    store.towns(`${names}-owner`, isOfOrg ? [names] : []),
  ),
  operation('dueTowns', { at, limit }, async ({ store, townId, names }, drawn) =>
    // The table has towns of other sequences; of the same time any may come first.
    (await store.dueTowns(dueShard(townId), drawn.at, 1000))
      .filter(({ townId: due }) => due.startsWith(names))
      .toSorted((a, b) => a.dueAt - b.dueAt || (a.townId < b.townId ? -1 : 1))
      .slice(0, drawn.limit),
  ),
  operation('archived', { id }, ({ store, townId }, drawn) => store.archived(townId, 'bead', drawn.id)),
  operation('archivedOf', {}, async ({ store, townId }) =>
    // The index has no order for what ended in the same moment.
    (await store.archivedOf(townId, 'bead')).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  ),
  operation(
    'archivedPart',
    { limit, after: maybe(id), isNewestFirst: fc.boolean() },
    ({ store, townId }, query) => store.archivedPart(townId, 'bead', query),
  ),
  operation('archivedAmong', { ids: fc.uniqueArray(id) }, async ({ store, townId }, { ids }) =>
    (await store.archivedAmong(townId, 'bead', ids)).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  ),
  operation('record', { id }, ({ store, townId }, drawn) => store.record(townId, 'bead', drawn.id)),
  operation('body', { id }, ({ store, townId }, drawn) => store.body(townId, drawn.id)),
  operation('config', {}, ({ store, townId }) => store.config(townId)),
  operation('container', {}, ({ store, townId }) => store.container(townId)),
  operation('outboxRow', { key }, ({ store, townId }, drawn) => store.outboxRow(townId, drawn.key)),
  operation('log', { limit, before: maybe(fc.nat(8)) }, ({ store, townId }, drawn) =>
    store.log(townId, drawn.limit, drawn.before),
  ),
  operation(
    'history',
    { kind: fc.constantFrom('run', 'chat', 'attempt'), limit, isNewestFirst: fc.boolean() },
    ({ store, townId }, { kind, ...query }) => store.history(townId, kind, query),
  ),
];

/** Two towns, most of the time; then anything: commits more often than other writes. */
export const operations = (length: number): fc.Arbitrary<Operation[]> => {
  const any = fc.oneof(
    { weight: 5, arbitrary: fc.oneof(...WRITES) },
    { weight: 2, arbitrary: commit },
    { weight: 4, arbitrary: fc.oneof(...READS) },
  );
  const rest = fc.array(any, { minLength: length - 3, maxLength: length - 3, size: 'max' });
  return fc
    .tuple(createTown, createTown, createTown, rest)
    .map(([first, second, third, others]) => [first, second, third, ...others]);
};
