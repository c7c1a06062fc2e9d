import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import type { Event } from '../client/api.generated.ts';
import { MAX_PAGE, readPages } from '../find/all-pages.ts';
import { limit } from '../options/limit.ts';
import { eventLine } from '../views/events.ts';

const POLL_MS = 1000;

export const eventsCommand = defineCommand({
  usage: 'events',
  summary: 'Show what was decided, by which rule and why; the newest is last',
  options: {
    limit,
    follow: { type: 'boolean', default: false, alias: 'f', describe: 'Go on until Ctrl-C' },
  },
  examples: [
    ['$0 events', ''],
    ['$0 events --follow --json', 'One JSON object a line, as it happens'],
  ],
  run: async ({ limit: most, follow }, context) => {
    const { id: townId } = await context.town();
    const page = await readPages((query) => context.api.listEvents({ townId, ...query }), most);
    if (follow) return followEvents(context, townId, page.items.toReversed());
    return {
      json: page,
      text: (style) =>
        page.items.length === 0
          ? 'Nothing was decided yet.'
          : page.items
              .toReversed()
              .map((event) => eventLine(style, event))
              .join('\n'),
    };
  },
});

/** Ends with the signal only. */
async function followEvents(context: Context, townId: string, first: readonly Event[]): Promise<never> {
  const { api, terminal, signal, isJson } = context;
  let fresh = first;
  let last = first.at(-1)?.id;
  for (;;) {
    for (const event of fresh) {
      terminal.out(`${isJson ? JSON.stringify(event) : eventLine(terminal.style(), event)}\n`);
    }
    await sleep(POLL_MS, undefined, { signal });
    fresh = await newerThan(last, (query) => api.listEvents({ townId, ...query }));
    last = fresh.at(-1)?.id ?? last;
  }
}

/** What came after an event, oldest first, however much it is. */
async function newerThan(
  last: string | undefined,
  fetchPage: (query: {
    limit: number;
    cursor?: string;
  }) => Promise<{ items: Event[]; nextCursor: string | null }>,
): Promise<readonly Event[]> {
  const found: Event[] = [];
  let cursor: { cursor?: string } = {};
  for (;;) {
    const page = await fetchPage({ limit: MAX_PAGE, ...cursor });
    const at = page.items.findIndex(({ id }) => id === last);
    found.push(...(at < 0 ? page.items : page.items.slice(0, at)));
    if (at >= 0 || page.nextCursor === null) return found.reverse();
    cursor = { cursor: page.nextCursor };
  }
}
