import type { Counters } from '../counters.ts';
import type { EventAnswer, Snapshot } from './records.ts';
import { phasesOf } from './phases.ts';

/** What the demo prints at its end. */
export function finalReport(options: {
  readonly snapshot: Snapshot;
  readonly events: readonly EventAnswer[];
  readonly history: string;
  readonly branch: string;
  readonly counters: Counters;
  readonly model: { requests: number; inputTokens: number; outputTokens: number } | undefined;
}): string {
  const { snapshot, events, history, branch, counters, model } = options;
  const titles = new Map(
    [...snapshot.beads, ...snapshot.convoys].map(({ id, title }) => [id, title] as const),
  );
  const phases = phasesOf(events, titles).filter(({ seconds }) => seconds > 0);
  const spent = [...snapshot.beads, ...snapshot.convoys].map(({ usage }) => usage);
  const inputTokens = spent.reduce((sum, usage) => sum + (usage?.inputTokens ?? 0), 0);
  const outputTokens = spent.reduce((sum, usage) => sum + (usage?.outputTokens ?? 0), 0);
  const count = (name: string): string => `${Math.round(counters.get(name) * 10) / 10}`;
  const units = (title: string, who: string): string => {
    const of = (what: string): string => count(`dynamodb.${who}.${what}`);
    return `  ${title}: ${of('readUnits')} read units, ${of('writeUnits')} write units, ${of('calls')} calls`;
  };
  return [
    '',
    `git log of ${branch}`,
    history,
    '',
    'phases (seconds)',
    ...phases.map(
      ({ subject, phase, seconds }) =>
        `  ${subject.padEnd(24)} ${phase.padEnd(16)} ${seconds.toFixed(1).padStart(6)}`,
    ),
    '',
    'spent by this run',
    units('DynamoDB     the town', 'town'),
    units('             watching it', 'api'),
    units('             the sweeper', 'sweeper'),
    `  messages     ${count('sqs.townMessages')} town, ${count('sqs.effectMessages')} effects, ${count('socket.pokes')} pokes`,
    `  reconciles   ${count('reconcile.steps')} steps, ${count('reconcile.empty')} empty wake-ups`,
    `  agents       ${inputTokens} input and ${outputTokens} output tokens, in all runs, as their sessions had reported when they were released`,
    ...(model === undefined
      ? []
      : [
          `  model        ${model.requests} requests, ${model.inputTokens} input and ${model.outputTokens} output tokens, as the scripted model counted`,
        ]),
    '',
  ].join('\n');
}
