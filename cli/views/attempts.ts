import type { Attempt } from '../client/api.generated.ts';
import { oneLine } from '../render/printable.ts';
import { state } from '../render/state.ts';
import type { Style } from '../render/style.ts';
import { table } from '../render/table.ts';
import { duration, relative } from '../render/time.ts';
import { money, spaced } from '../render/words.ts';

/** Sessions of agents at a bead, oldest first. */
export function attemptsTable(style: Style, attempts: readonly Attempt[]): string {
  if (attempts.length === 0) return 'Nobody has worked on it yet.\n';
  return table(
    style,
    [
      { title: 'AGENT' },
      { title: 'WORK' },
      { title: 'OUTCOME' },
      { title: 'REASON', isFlexible: true },
      { title: 'STARTED' },
      { title: 'TOOK' },
      { title: 'COST', isNumber: true },
    ],
    attempts.map(({ agentName, subject, outcome, reason, startedAt, endedAt, usage }) => [
      agentName,
      subject.kind === 'mergeRequest' ? 'review' : spaced(subject.kind),
      state(style, outcome),
      oneLine(reason),
      relative(style, startedAt),
      endedAt === null ? '-' : duration(Date.parse(endedAt) - Date.parse(startedAt)),
      money(usage.costUsd),
    ]),
  );
}
