import { defineCommand } from '../../command.ts';
import { readPages } from '../../find/all-pages.ts';
import { limit, moreLine } from '../../options/limit.ts';
import { shortId } from '../../render/id.ts';
import { oneLine } from '../../render/printable.ts';
import { table } from '../../render/table.ts';
import { relative } from '../../render/time.ts';

export const listRigs = defineCommand({
  usage: 'list',
  summary: 'List the repositories that a town works on',
  options: { limit },
  examples: [['$0 rigs list', '']],
  run: async (args, { api, ...context }) => {
    const { id: townId } = await context.town();
    const page = await readPages((query) => api.listRigs({ townId, ...query }), args.limit);
    return {
      json: page,
      text: (style) =>
        page.items.length === 0
          ? 'There is no repository yet: gastown rigs add app https://github.com/example/app.git'
          : `${table(
              style,
              [
                { title: 'RIG' },
                { title: 'NAME' },
                { title: 'REPOSITORY', isFlexible: true },
                { title: 'BRANCH' },
                { title: 'ADDED' },
              ],
              page.items.map(({ id, name, gitUrl, defaultBranch, createdAt, removingSince }) => [
                shortId(id),
                oneLine(removingSince === undefined ? name : `${name} (being removed)`),
                gitUrl,
                defaultBranch,
                relative(style, createdAt),
              ]),
            )}${moreLine(style, page)}`,
    };
  },
});
