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
import { limitOf, page, wholeNumber } from './page.ts';
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
      body: inputs.nothing,
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
      run: async ({ event, query }) => page(await store.towns(userOf(event).id), query, presentTown),
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
      const limit = limitOf(query);
      const entries = await store.log(town.head.id, limit, olderThan(query));
      const items = entries.flatMap(({ at, decisions }) =>
        [...decisions].reverse().map(({ id, subject, from, to, rule, reason }) => {
          return { id, at: iso(at), subject, from, to, rule, reason, decisionId: id, actor: actorOf(rule) };
        }),
      );
      const last = entries.length < limit ? undefined : entries.at(-1);
      return ok({ items, nextCursor: last === undefined ? null : `${last.version}` });
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
    read(`${TOWN}/rigs`, async (town, { query }) => page(town.live.rig.values(), query, presentRig)),
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
      const { status, type, rigId, convoyId, agentId, label } = query;
      const found = all.filter(
        (bead) =>
          (status === undefined || bead.status === status) &&
          (type === undefined || bead.type === type) &&
          (rigId === undefined || bead.rigId === rigId) &&
          (convoyId === undefined || bead.convoyId === convoyId) &&
          (agentId === undefined || bead.assigneeAgentId === agentId) &&
          (label === undefined || bead.labels.includes(label)),
      );
      return page(found, query, (bead) => presentBead(bead));
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
        const isMerging = [...town.live.mergeRequest.values()].some(
          ({ subject, stage }) => subject.id === bead.id && stage === 'merging',
        );
        if (isMerging)
          throw new Conflict('The bead is being merged right now; that cannot be stopped half-way.');
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
    read(`${TOWN}/convoys`, async (town, { query }) => {
      const all = [...town.live.convoy.values(), ...(await store.archivedOf(town.head.id, 'convoy'))];
      return page(all, query, presentConvoy);
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
    read(`${TOWN}/agents`, async (town, { query }) => page(town.live.agent.values(), query, presentAgent)),
    read(`${TOWN}/merge-queue`, async (town, { query }) => {
      const found = [...town.live.mergeRequest.values()].filter(
        (mr) => query['rigId'] === undefined || mr.rigId === query['rigId'],
      );
      return page(found, query, presentMergeRequest);
    }),
  ];
}

/** Who made the town decide: rules decide by themselves, facts come from somebody. */
function actorOf(rule: string): 'town' | 'agent' | 'container' | 'platform' | 'person' {
  if (!rule.startsWith('fact/')) return 'town';
  if (rule.startsWith('fact/agent_')) return 'agent';
  if (rule === 'fact/observed') return 'container';
  return rule === 'fact/effect_result' || rule === 'fact/task_stopped' ? 'platform' : 'person';
}

/** The version before which events are asked for: of the cursor, or of `before`, its older name. */
function olderThan(query: Readonly<Record<string, string>>): number | undefined {
  for (const path of ['cursor', 'before']) {
    const text = query[path];
    if (text === undefined) continue;
    const version = wholeNumber(text);
    if (version === undefined || version < 1) {
      const message = 'not a cursor of this list';
      throw new InvalidInput(`${path} is what an earlier page gave.`, [{ path, message }]);
    }
    return version;
  }
  return undefined;
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
