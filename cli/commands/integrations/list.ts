import { defineCommand } from '../../command.ts';
import { readPages } from '../../find/all-pages.ts';
import { limit, moreLine } from '../../options/limit.ts';
import { oneLine } from '../../render/printable.ts';
import { table } from '../../render/table.ts';
import { relative } from '../../render/time.ts';

export const listIntegrations = defineCommand({
  usage: 'list',
  summary: 'List where the GitHub App is installed for you and your organisations',
  options: { limit },
  examples: [['$0 integrations list', '']],
  run: async (args, { api }) => {
    const page = await readPages((query) => api.listIntegrations(query), args.limit);
    return {
      json: page,
      text: (style) =>
        page.items.length === 0
          ? 'There is no integration yet: gastown integrations install'
          : `${table(
              style,
              [
                { title: 'INTEGRATION' },
                { title: 'ACCOUNT', isFlexible: true },
                { title: 'OWNER' },
                { title: 'REPOSITORIES' },
                { title: 'STATE' },
                { title: 'ADDED' },
              ],
              page.items.map(({ id, account, orgId, selection, state, createdAt }) => [
                id,
                oneLine(account.login),
                oneLine(orgId ?? 'you'),
                selection,
                state,
                relative(style, createdAt),
              ]),
            )}${moreLine(style, page)}`,
    };
  },
});
