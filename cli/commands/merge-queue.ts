import { defineCommand } from '../command.ts';
import { readPages } from '../find/all-pages.ts';
import { limit, moreLine } from '../options/limit.ts';
import { shortId } from '../render/id.ts';
import { oneLine } from '../render/printable.ts';
import { state } from '../render/state.ts';
import { table } from '../render/table.ts';
import { relative } from '../render/time.ts';

export const mergeQueueCommand = defineCommand({
  usage: 'merge-queue',
  summary: 'List what is on its way into its target, in order',
  options: { rig: { type: 'string', describe: 'Id or name of one repository' }, limit },
  examples: [['$0 merge-queue --rig app', '']],
  run: async ({ rig, limit: most }, context) => {
    const { id: townId } = await context.town();
    const filter = rig === undefined ? {} : { rigId: (await context.rig(rig)).id };
    const page = await readPages(
      (query) => context.api.listMergeQueue({ townId, ...filter, ...query }),
      most,
    );
    return {
      json: page,
      text: (style) =>
        page.items.length === 0
          ? 'Nothing is to be merged.'
          : `${table(
              style,
              [
                { title: '#', isNumber: true },
                { title: 'MERGE' },
                { title: 'TITLE', isFlexible: true },
                { title: 'STAGE' },
                { title: 'PULL REQUEST', isFlexible: true },
                { title: 'WAITS FOR', isFlexible: true },
                { title: 'INTO', isFlexible: true },
                { title: 'SINCE' },
              ],
              page.items.map(
                ({ position, id, title, stage, waitingOn, target, waitingSince, pullRequest }) => [
                  `${position}`,
                  shortId(id),
                  oneLine(title),
                  state(style, stage),
                  pullRequest?.url ?? '-',
                  waitingOn ?? '-',
                  target,
                  relative(style, waitingSince),
                ],
              ),
            )}${moreLine(style, page)}`,
    };
  },
});
