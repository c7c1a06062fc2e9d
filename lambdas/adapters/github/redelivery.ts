import * as z from 'zod';
import type { GitHubApp } from '../../../core/ports.ts';
import { minutes, seconds, type Instant } from '../../../core/town/instant.ts';
import type { AppClient } from './app-client.ts';
import { notUnderstood } from './failure.ts';
import { pagesOf } from './pages.ts';

/** How long a run asks: below what its function has. */
export const REDELIVERY_MS = seconds(40);
/** Deliveries that one run asks for; the next run begins where this one ended. */
const MAX_ASKED = 50;
/** What was delivered since is looked for in so many pages of a hundred. */
const MAX_PAGES = 10;
/** A delivery is listed when it is over: the next run looks so far back once more. */
const OVERLAP_MS = minutes(1);

const deliveriesSchema = z.array(
  z.object({
    id: z.number(),
    guid: z.string(),
    delivered_at: z.string().transform((text) => Date.parse(text)),
    status_code: z.number(),
  }),
);

interface Lost {
  /** Of the latest attempt. */
  readonly id: number;
  /** Of the earliest attempt that was looked at. */
  at: Instant;
}

/**
 * Asks once for every delivery none of whose attempts since has arrived, the oldest first.
 * @param isTimeUp then no more are asked for
 * @throws ForgeError
 */
export async function redeliverLost(
  app: AppClient,
  since: Instant,
  isTimeUp: () => boolean,
): ReturnType<GitHubApp['redeliver']> {
  const lost = new Map<string, Lost>();
  const arrived = new Set<string>();
  let lookedAt = since;
  const list = (parameters: Readonly<Record<string, unknown>>) =>
    app.ask({ about: 'deliveries', route: 'GET /app/hook/deliveries', parameters });
  // Newest first.
  for await (const { data, at } of pagesOf(list, MAX_PAGES)) {
    lookedAt = Math.max(lookedAt, at - OVERLAP_MS);
    const deliveries = deliveriesSchema.safeParse(data).data;
    if (deliveries === undefined) throw notUnderstood('its answer is no list of deliveries');
    for (const { id, guid, delivered_at: deliveredAt, status_code: status } of deliveries) {
      if (deliveredAt < since) continue;
      if (status >= 200 && status <= 299) arrived.add(guid);
      const known = lost.get(guid);
      if (known === undefined) lost.set(guid, { id, at: deliveredAt });
      else known.at = deliveredAt;
    }
    if (deliveries.some(({ delivered_at: deliveredAt }) => deliveredAt < since)) break;
  }
  const wanted = [...lost].filter(([guid]) => !arrived.has(guid)).toSorted(([, a], [, b]) => a.at - b.at);
  let asked = 0;
  for (const [, { id, at }] of wanted) {
    if (asked === MAX_ASKED || isTimeUp()) return { asked, lookedAt: Math.max(since, at) };
    await app.ask({
      about: 'a delivery',
      route: 'POST /app/hook/deliveries/{delivery_id}/attempts',
      parameters: { delivery_id: id },
      // It is too old by now, or a redelivery is on its way.
      expected: [404, 422],
    });
    asked += 1;
  }
  return { asked, lookedAt };
}
