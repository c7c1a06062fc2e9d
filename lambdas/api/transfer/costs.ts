import * as z from 'zod';
import {
  COST_GROUPS,
  costsBy,
  type Cost,
  type CostReport,
  type CostedRun,
  type CostedSession,
  type CostGroup,
} from '../../../core/costs.ts';
import { InvalidInput } from '../../../core/errors.ts';
import type { Instant } from '../../../core/town/instant.ts';
import { noUsage } from '../../../core/town/usage.ts';
import type { Town } from '../../../core/town/town.ts';
import { requestedTown, type TownRequest } from '../access.ts';
import { EXAMPLE_IDS, usageExample } from '../answers/shared.ts';
import type { ApiDeps } from '../context.ts';

export const costsQuery = z.strictObject({
  by: z.enum(COST_GROUPS),
  from: z.iso.datetime().optional().meta({ description: 'Nothing before it counts' }),
  to: z.iso.datetime().optional().meta({ description: 'Nothing from it on counts; now, when it is absent' }),
});
type CostsQuery = z.output<typeof costsQuery>;

const cost = z
  .strictObject({
    inputTokens: z.number().int(),
    outputTokens: z.number().int(),
    costUsd: z.number(),
    sessions: z.number().int(),
    agentMinutes: z.number(),
    containerMinutes: z
      .number()
      .meta({ description: 'Each minute is shared by the sessions that ran in it' }),
  })
  .meta({ id: 'Cost' });
const costExample = { ...usageExample, sessions: 2, agentMinutes: 12.5, containerMinutes: 6.25 };

/** Rows of one answer: with the longest titles they stay below the 6 MB that a function may answer. */
const MOST_ROWS = 5000;

export const costsAnswer = z
  .strictObject({
    by: costsQuery.shape.by,
    items: z
      .array(cost.extend({ id: z.string(), title: z.string() }).meta({ id: 'CostRow' }))
      .max(MOST_ROWS)
      .meta({ description: 'By id; if there are more, those that cost most' }),
    itemsLeftOut: z.number().int().meta({ description: 'Further ones, which only `total` counts' }),
    other: cost.meta({ description: 'Sessions that were for none of these, as the chats of the mayor are' }),
    unattributedContainerMinutes: z.number().meta({ description: 'Minutes in which no session ran' }),
    total: cost,
    source: z.string().meta({ description: 'Where the numbers come from' }),
  })
  .meta({ id: 'Costs' });
export const costsExample: z.infer<typeof costsAnswer> = {
  by: 'bead',
  items: [{ id: EXAMPLE_IDS.bead, title: 'Say hello', ...costExample }],
  itemsLeftOut: 0,
  other: { ...costExample, sessions: 1 },
  unattributedContainerMinutes: 3.5,
  total: { ...costExample, sessions: 3 },
  source: 'what sessions and tasks reported; no bill',
};

/** Everything: the history of a town is read in pages of 1 MiB, and what does not fit is said. */
const LIMIT = Number.POSITIVE_INFINITY;

export async function readCosts(
  { store, now }: Pick<ApiDeps, 'store' | 'now'>,
  request: TownRequest & { readonly query: CostsQuery },
): Promise<z.infer<typeof costsAnswer>> {
  const town = await requestedTown(store, request);
  const { by, from, to } = request.query;
  const at = now();
  const window = {
    from: from === undefined ? 0 : Date.parse(from),
    to: to === undefined ? at + 1 : Date.parse(to),
  };
  if (window.from >= window.to) {
    const message = 'must be earlier than `to`';
    throw new InvalidInput('The query is not what this route takes; see `issues`.', [
      { path: 'from', message },
    ]);
  }
  const [attempts, runs] = await Promise.all([
    store.history(town.head.id, 'attempt', { limit: LIMIT }),
    store.history(town.head.id, 'run', { limit: LIMIT }),
  ]);
  const report = costsBy(
    by,
    [...attempts, ...runningSessions(town, at)],
    [...runs, ...runningTask(town, at)],
    window,
  );
  const { rows: all, ...rest } = report;
  const rows = dearest(all);
  const titleOf = await titles(store, town, by, rows);
  const names = new Map(attempts.map(({ agentId, agentName }) => [agentId, agentName]));
  return {
    by,
    items: rows.map((row) => ({ ...row, title: titleOf.get(row.id) ?? names.get(row.id) ?? '' })),
    itemsLeftOut: all.length - rows.length,
    ...rest,
    source: costsExample.source,
  };
}

/** Sessions that are not over, with what they reported so far. */
function runningSessions({ live, container, observed }: Town, now: Instant): CostedSession[] {
  const reports = observed?.epoch === container.epoch ? observed.agents : [];
  return [...live.agent.values()].flatMap((agent) => {
    const { id: agentId, attempt, status, hook, dispatchedAt: startedAt } = agent;
    if (status === 'idle' || startedAt === undefined) return [];
    const report = reports.find((one) => one.agentId === agentId && one.attempt === attempt);
    const purpose = hook?.kind === 'mergeRequest' ? live.mergeRequest.get(hook.id)?.subject : hook;
    const triaged = hook?.kind === 'triageRequest' ? live.triageRequest.get(hook.id)?.beadId : undefined;
    const beadId = purpose?.kind === 'bead' ? purpose.id : triaged;
    const convoyId = purpose?.kind === 'convoy' ? purpose.id : live.bead.get(beadId ?? '')?.convoyId;
    const { inputTokens, outputTokens, costUsd } = report?.usage ?? noUsage;
    const usage = { inputTokens, outputTokens, costUsd };
    const { epoch } = container;
    return [{ beadId, convoyId, agentId, epoch, startedAt, endedAt: now, usage }];
  });
}

const runningTask = ({ container: { startedAt, epoch } }: Town, now: Instant): CostedRun[] =>
  startedAt === undefined ? [] : [{ epoch, startedAt, stoppedAt: now }];

/** Where money is no measure, since none was reported, tokens are. */
function dearest(rows: CostReport['rows']): CostReport['rows'] {
  if (rows.length <= MOST_ROWS) return rows;
  const tokens = (row: Cost): number => row.inputTokens + row.outputTokens;
  const chosen = rows.toSorted((a, b) => b.costUsd - a.costUsd || tokens(b) - tokens(a)).slice(0, MOST_ROWS);
  return chosen.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function titles(
  store: ApiDeps['store'],
  { head, live }: Town,
  by: CostGroup,
  rows: CostReport['rows'],
): Promise<ReadonlyMap<string, string>> {
  if (by === 'agent') return new Map([...live.agent.values()].map(({ id, name }) => [id, name]));
  const ended = rows.filter(({ id }) => !live[by].has(id)).map(({ id }) => id);
  const records = [...(await store.archivedAmong(head.id, by, ended)), ...live[by].values()];
  return new Map(records.map(({ id, title }) => [id, title]));
}
