import { defineCommand } from '../../command.ts';
import { readPages } from '../../find/all-pages.ts';
import { limit, moreLine } from '../../options/limit.ts';
import { oneLine } from '../../render/printable.ts';
import { state } from '../../render/state.ts';
import { table } from '../../render/table.ts';
import { relative } from '../../render/time.ts';

export const listTowns = defineCommand({
  usage: 'list',
  summary: 'List the towns that are yours',
  options: { limit },
  examples: [['$0 towns list', '']],
  run: async (args, { api }) => {
    const page = await readPages((query) => api.listTowns(query), args.limit);
    return {
      json: page,
      text: (style) =>
        page.items.length === 0
          ? 'There is no town yet: gastown towns create "My town"'
          : `${table(
              style,
              [
                { title: 'TOWN' },
                { title: 'NAME', isFlexible: true },
                { title: 'STATE' },
                { title: 'ORGANISATION' },
                { title: 'CREATED' },
                { title: 'LOOKS AGAIN' },
              ],
              page.items.map(({ id, name, lifecycle, orgId = '-', createdAt, dueAt }) => [
                id,
                oneLine(name),
                state(style, lifecycle),
                orgId,
                relative(style, createdAt),
                relative(style, dueAt),
              ]),
            )}${moreLine(style, page)}`,
    };
  },
});
