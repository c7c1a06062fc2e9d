import { defineCommand } from '../../command.ts';
import { readPages } from '../../find/all-pages.ts';
import { limit, moreLine } from '../../options/limit.ts';
import { shortId } from '../../render/id.ts';
import { oneLine } from '../../render/printable.ts';
import { state } from '../../render/state.ts';
import { table } from '../../render/table.ts';
import { relative } from '../../render/time.ts';

export const listEscalations = defineCommand({
  usage: 'list',
  summary: 'List what agents could not solve',
  options: { limit },
  examples: [['$0 escalations list', '']],
  run: async ({ limit: most }, context) => {
    const { id: townId } = await context.town();
    const page = await readPages((query) => context.api.listEscalations({ townId, ...query }), most);
    return {
      json: page,
      text: (style) =>
        page.items.length === 0
          ? 'Nobody asks for help.'
          : `${table(
              style,
              [
                { title: 'ESCALATION' },
                { title: 'SEVERITY' },
                { title: 'STATE' },
                { title: 'TITLE', isFlexible: true },
                { title: 'TEXT', isFlexible: true },
                { title: 'BEAD' },
                { title: 'SINCE' },
              ],
              page.items.map(({ id, severity, state: word, title, text = '', beadId, createdAt }) => [
                shortId(id),
                severity,
                state(style, word),
                oneLine(title),
                oneLine(text),
                beadId === null ? '-' : shortId(beadId),
                relative(style, createdAt),
              ]),
            )}${moreLine(style, page)}`,
    };
  },
});
