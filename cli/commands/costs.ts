import type { Costs } from '../client/api.generated.ts';
import { defineCommand } from '../command.ts';
import { defined } from '../defined.ts';
import { shortId } from '../render/id.ts';
import { oneLine } from '../render/printable.ts';
import { paint, type Style } from '../render/style.ts';
import { table } from '../render/table.ts';
import { compactNumber, money } from '../render/words.ts';

export const costsCommand = defineCommand({
  usage: 'costs',
  summary: 'Say what was spent, and on what',
  options: {
    by: { choices: ['bead', 'convoy', 'agent'] as const, default: 'bead' as const },
    from: { type: 'string', describe: 'Nothing before it counts: 2026-01-31T00:00:00Z' },
    to: { type: 'string', describe: 'Nothing from it on counts' },
  },
  examples: [['$0 costs --by convoy', '']],
  run: async ({ by, from, to }, { api, ...context }) => {
    const { id: townId } = await context.town();
    const costs = await api.getCosts({ townId, ...defined({ by, from, to }) });
    return { json: costs, text: (style) => costsText(style, costs) };
  },
});

type Cost = Costs['total'];

function costsText(
  style: Style,
  { by, items, itemsLeftOut, other, total, unattributedContainerMinutes, source }: Costs,
): string {
  const cells = (cost: Cost): string[] => [
    money(cost.costUsd),
    compactNumber(cost.inputTokens),
    compactNumber(cost.outputTokens),
    `${cost.sessions}`,
    cost.agentMinutes.toFixed(1),
    cost.containerMinutes.toFixed(1),
  ];
  const rows = [
    ...items.map(({ id, title, ...cost }) => [shortId(id), oneLine(title), ...cells(cost)]),
    ...(itemsLeftOut > 0 ? [['-', `${itemsLeftOut} that cost less`]] : []),
    ...(other.sessions > 0 ? [['-', 'anything else', ...cells(other)]] : []),
    ['', paint(style, 'bold', 'total'), ...cells(total)],
  ];
  const columns = ['COST', 'TOKENS IN', 'OUT', 'SESSIONS', 'AGENT MIN', 'CONTAINER MIN'].map((title) => ({
    title,
    isNumber: true,
  }));
  const idle = unattributedContainerMinutes.toFixed(1);
  const note = `The container ran ${idle} minutes without a session. Source: ${source}.`;
  return `${table(style, [{ title: by.toUpperCase() }, { title: 'TITLE', isFlexible: true }, ...columns], rows)}${paint(style, 'dim', note)}`;
}
