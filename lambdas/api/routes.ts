import { uuidv7 } from 'uuidv7';
import { Conflict, InvalidInput, NotFound } from '../../core/errors.ts';
import { explain } from '../../core/explain.ts';
import type { InboxStatement } from '../../core/facts/inbox.ts';
import { MESSAGE_VERSION } from '../../core/facts/message.ts';
import type { LiveKind, LiveRecords, Town } from '../../core/town/town.ts';
import { userOf, type User } from '../http/claims.ts';
import { defineRoute } from '../http/define-route.ts';
import type { Answer, Request, Route } from '../http/route.ts';
import { headOf, townOf } from './access.ts';
import type { ApiDeps } from './context.ts';
import { createBead } from './create-bead.ts';
import { createConvoy } from './create-convoy.ts';
import { createRig } from './create-rig.ts';
import * as inputs from './inputs.ts';
import {
  iso,
  presentAgent,
  presentBead,
  presentConvoy,
  presentExplanation,
  presentMergeRequest,
  presentRig,
  presentTown,
} from './present.ts';
import { statusOf } from './status.ts';

const ok = (body: unknown): Answer => ({ status: 200, body });
const created = (body: unknown): Answer => ({ status: 201, body });
const accepted = (body: unknown): Answer => ({ status: 202, body });
const list = <T>(items: T[]): Answer => ok({ items, nextCursor: null });

const TOWN = '/v1/towns/{townId}';

/** The routes of users that the first loop needs (the HTTP contract lists all). */
export function apiRoutes(deps: ApiDeps): Route[] {
  const { store, now } = deps;
  const townIdOf = ({ params }: Pick<Request<unknown>, 'params'>): string => params['townId'] ?? '';
  const read = (
    path: string,
    run: (town: Town, request: Request<undefined>, user: User) => Promise<Answer>,
  ): Route =>
    defineRoute({
      method: 'GET',
      path,
      auth: 'user',
      run: async (request) => {
        const user = userOf(request.event);
        return run(await townOf(store, user, townIdOf(request)), request, user);
      },
    });
  /** A statement about a live record: stored, answered with the record as it stands, applied by the town. */
  const say = <K extends LiveKind>(
    path: string,
    kind: K,
    idParam: string,
    check: (record: LiveRecords[K]) => void,
    statement: (id: string, by: string) => InboxStatement,
    present: (record: LiveRecords[K]) => unknown,
  ): Route =>
    defineRoute({
      method: 'POST',
      path,
      auth: 'user',
      run: async (request) => {
        const user = userOf(request.event);
        const town = await townOf(store, user, townIdOf(request));
        const record = await liveRecord(deps, town, kind, request.params[idParam] ?? '');
        check(record);
        await tell(deps, town.head.id, statement(record.id, user.id));
        return accepted(present(record));
      },
    });
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/health',
      auth: 'none',
      run: async () => ok({ status: 'ok', version: deps.version }),
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/towns',
      auth: 'user',
      body: inputs.createTown,
      run: async ({ event, body: { name, config = {} } }) => {
        const head = { id: uuidv7(), name, ownerId: userOf(event).id };
        return created(
          presentTown(await store.createTown({ head, config: { ...config, rev: 1 }, at: now() })),
        );
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/towns',
      auth: 'user',
      run: async ({ event }) => list((await store.towns(userOf(event).id)).map(presentTown)),
    }),
    defineRoute({
      method: 'GET',
      path: TOWN,
      auth: 'user',
      run: async (request) => ok(presentTown(await headOf(store, userOf(request.event), townIdOf(request)))),
    }),
    read(`${TOWN}/status`, async (town) => ok(statusOf(town, now()))),
    read(`${TOWN}/why`, async (town, { query }) => {
      const rows = explain(town, now()).filter(
        ({ subject }) =>
          query['beadId'] === undefined || (subject.kind === 'bead' && subject.id === query['beadId']),
      );
      return ok({ items: rows.map(presentExplanation) });
    }),
    read(`${TOWN}/events`, async (town, { query }) => {
      const entries = await store.log(
        town.head.id,
        limitOf(query),
        query['before'] === undefined ? undefined : Number(query['before']),
      );
      const items = entries.flatMap(({ at, decisions }) =>
        [...decisions].reverse().map(({ id, subject, from, to, rule, reason }) => {
          const actor = rule.startsWith('fact/') ? 'statement' : 'town';
          return { id, at: iso(at), subject, from, to, rule, reason, decisionId: id, actor };
        }),
      );
      return ok({ items, nextCursor: null });
    }),
    defineRoute({
      method: 'POST',
      path: `${TOWN}/rigs`,
      auth: 'user',
      body: inputs.createRig,
      run: async (request) => {
        const user = userOf(request.event);
        return created(presentRig(await createRig(deps, user, townIdOf(request), request.body)));
      },
    }),
    read(`${TOWN}/rigs`, async (town) => list([...town.live.rig.values()].map(presentRig))),
    defineRoute({
      method: 'POST',
      path: `${TOWN}/beads`,
      auth: 'user',
      body: inputs.createBead,
      run: async (request) => {
        const bead = await createBead(deps, userOf(request.event), townIdOf(request), request.body);
        return created(presentBead(bead, request.body.body));
      },
    }),
    read(`${TOWN}/beads`, async (town, { query }) => {
      const all = [...town.live.bead.values(), ...(await store.archivedOf(town.head.id, 'bead'))];
      const { status, rigId, convoyId } = query;
      const found = all.filter(
        (bead) =>
          (status === undefined || bead.status === status) &&
          (rigId === undefined || bead.rigId === rigId) &&
          (convoyId === undefined || bead.convoyId === convoyId),
      );
      return list(found.slice(0, limitOf(query)).map((bead) => presentBead(bead)));
    }),
    read(`${TOWN}/beads/{beadId}`, async (town, { params }) => {
      const bead = await anyRecord(deps, town, 'bead', params['beadId'] ?? '');
      return ok(presentBead(bead, bead.hasBody ? await store.body(town.head.id, bead.id) : undefined));
    }),
    say(
      `${TOWN}/beads/{beadId}/start`,
      'bead',
      'beadId',
      (bead) => {
        if (!bead.isHeld) throw new Conflict('The bead is not held; it starts by itself.');
      },
      (beadId, by) => ({ type: 'bead_started', beadId, by }),
      (bead) => presentBead(bead),
    ),
    defineRoute({
      method: 'POST',
      path: `${TOWN}/beads/{beadId}/cancel`,
      auth: 'user',
      body: inputs.cancelBead,
      run: async (request) => {
        const user = userOf(request.event);
        const town = await townOf(store, user, townIdOf(request));
        const bead = await liveRecord(deps, town, 'bead', request.params['beadId'] ?? '');
        const { as, reason } = request.body;
        await tell(deps, town.head.id, { type: 'bead_cancelled', beadId: bead.id, as, reason, by: user.id });
        return accepted(presentBead(bead));
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${TOWN}/convoys`,
      auth: 'user',
      body: inputs.createConvoy,
      run: async (request) => {
        const user = userOf(request.event);
        const { convoy, beads } = await createConvoy(deps, user, townIdOf(request), request.body);
        return created({ ...presentConvoy(convoy), items: beads.map((bead) => presentBead(bead)) });
      },
    }),
    read(`${TOWN}/convoys`, async (town) => {
      const all = [...town.live.convoy.values(), ...(await store.archivedOf(town.head.id, 'convoy'))];
      return list(all.map(presentConvoy));
    }),
    read(`${TOWN}/convoys/{convoyId}`, async (town, { params }) =>
      ok(presentConvoy(await anyRecord(deps, town, 'convoy', params['convoyId'] ?? ''))),
    ),
    say(
      `${TOWN}/convoys/{convoyId}/start`,
      'convoy',
      'convoyId',
      (convoy) => {
        if (convoy.state !== 'staged')
          throw new Conflict(`The convoy is ${convoy.state}; only a staged one is started.`);
      },
      (convoyId, by) => ({ type: 'convoy_started', convoyId, by }),
      presentConvoy,
    ),
    read(`${TOWN}/agents`, async (town) => list([...town.live.agent.values()].map(presentAgent))),
    read(`${TOWN}/merge-queue`, async (town, { query }) => {
      const found = [...town.live.mergeRequest.values()].filter(
        (mr) => query['rigId'] === undefined || mr.rigId === query['rigId'],
      );
      return list(found.sort((a, b) => (a.id < b.id ? -1 : 1)).map(presentMergeRequest));
    }),
  ];
}

function limitOf(query: Readonly<Record<string, string>>): number {
  const limit = Number(query['limit'] ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
    throw new InvalidInput('`limit` is a whole number from 1 to 200.', [
      { path: 'limit', message: 'out of range' },
    ]);
  }
  return limit;
}

async function liveRecord<K extends LiveKind>(
  deps: ApiDeps,
  town: Town,
  kind: K,
  id: string,
): Promise<LiveRecords[K]> {
  const record = town.live[kind].get(id);
  if (record !== undefined) return record;
  const isArchived = (await deps.store.archived(town.head.id, kind, id)) !== undefined;
  if (isArchived) throw new Conflict(`${kind} ${id} has ended; that is final.`);
  throw new NotFound(`There is no ${kind} ${id} in this town.`);
}

async function anyRecord<K extends LiveKind>(
  deps: ApiDeps,
  town: Town,
  kind: K,
  id: string,
): Promise<LiveRecords[K]> {
  const record = town.live[kind].get(id) ?? (await deps.store.archived(town.head.id, kind, id));
  if (record === undefined) throw new NotFound(`There is no ${kind} ${id} in this town.`);
  return record;
}

/** The statement is safe when this returns; the message only makes the town look at once. */
async function tell(
  { store, towns, now }: ApiDeps,
  townId: string,
  statement: InboxStatement,
): Promise<void> {
  await store.addInbox(townId, { id: uuidv7(), at: now(), statement });
  await towns.send({ v: MESSAGE_VERSION, townId });
}
