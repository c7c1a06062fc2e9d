import type { Status, Town } from '../client/api.generated.ts';
import { shortId } from '../render/id.ts';
import { oneLine } from '../render/printable.ts';
import { state } from '../render/state.ts';
import { paint, type Paint, type Style } from '../render/style.ts';
import { relative } from '../render/time.ts';
import { fields } from './fields.ts';

/** The town at a glance. */
export function statusText(style: Style, town: Town, status: Status): string {
  const { lifecycle, lifecycleSince, container, agents, beads, convoys, breaker, capacity, failure } = status;
  const since = lifecycleSince === undefined ? '' : `, ${relative(style, lifecycleSince)}`;
  const counted = (parts: readonly [number, string, Paint?][]): string =>
    parts
      .map(([number, word, colour]) => {
        const text = `${number} ${word}`;
        if (number === 0) return paint(style, 'dim', text);
        return colour === undefined ? text : paint(style, colour, text);
      })
      .join(', ');
  return `${paint(style, 'bold', oneLine(town.name))}  ${paint(style, 'dim', shortId(town.id))}\n${fields(
    style,
    [
      ['town', `${state(style, lifecycle)}${since}`],
      ['container', containerText(style, container)],
      [
        'beads',
        counted([
          [beads.open, 'open'],
          [beads.inProgress, 'in progress', 'blue'],
          [beads.inReview, 'in review', 'blue'],
          [beads.closed, 'closed', 'green'],
          [beads.failed, 'failed', 'red'],
        ]),
      ],
      [
        'convoys',
        counted([
          [convoys.open, 'open', 'blue'],
          [convoys.landed, 'landed', 'green'],
          [convoys.needsAttention, 'needs attention', 'red'],
        ]),
      ],
      [
        'agents',
        counted([
          [agents.working, 'working', 'green'],
          [agents.waiting, 'waiting'],
          [agents.idle, 'idle'],
          [agents.stalled, 'stalled', 'red'],
        ]),
      ],
      [
        'room',
        `${capacity.slots} agents at once${capacity.waiting > 0 ? `, ${capacity.waiting} wait for room` : ''}`,
      ],
      ['looks again', status.dueAt === null ? 'when something happens' : relative(style, status.dueAt)],
      [
        'breaker',
        breaker.state === 'closed' ? undefined : `${breaker.state} since ${relative(style, breaker.since)}`,
      ],
      ['spent', budgetText(style, status.budget)],
      [
        'trouble',
        failure &&
          paint(
            style,
            'red',
            `failed ${failure.count} times, first ${relative(style, failure.since)}: ${failure.error}`,
          ),
      ],
    ],
  )}`;
}

function budgetText(style: Style, { state: word, spent, left }: Status['budget']): string {
  const amounts = [
    `${spent.tokens} tokens`,
    `$${spent.costUsd.toFixed(2)}`,
    `${spent.containerMinutes.toFixed(1)} container minutes`,
  ];
  const lefts = [
    left.tokens === null ? [] : [`${left.tokens} tokens`],
    left.costUsd === null ? [] : [`$${left.costUsd.toFixed(2)}`],
    left.containerMinutes === null ? [] : [`${left.containerMinutes.toFixed(1)} minutes`],
  ].flat();
  const what = lefts.length === 0 ? '' : `; left: ${lefts.join(', ')}`;
  const trouble = word === 'ok' ? '' : paint(style, 'red', `; the budget is spent (${word} limit)`);
  return `${amounts.join(', ')}${what}${trouble}`;
}

function containerText(
  style: Style,
  { state: word, epoch, startedAt, lastSyncAt }: Status['container'],
): string {
  const parts = [
    state(style, word),
    word === 'absent' || startedAt === undefined ? '' : `started ${relative(style, startedAt)}`,
    word === 'absent' || lastSyncAt === undefined ? '' : `last heard of ${relative(style, lastSyncAt)}`,
    epoch === 0 ? '' : `number ${epoch}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
