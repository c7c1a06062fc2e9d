import { minutes, seconds } from '../../../core/town/instant.ts';
import type { Ending } from '../../contract/loop/model-container.ts';
import type { Fault } from './fault.ts';

const badEnding = (of: Fault['of'], ...endings: readonly Ending[]): Fault => ({
  of,
  ending: ({ work }, choices) => {
    const ending = choices.one(endings);
    const isOfWork = ['unpushed', 'wrong_branch', 'foreign_commits', 'twice', 'flood'].includes(ending);
    return isOfWork && work.kind !== 'bead' ? undefined : ending;
  },
});

/** Every kind of fault, one entry each. Names say what happens. */
export const FAULTS = {
  messageDoubled: { of: ['F1'], delivery: (by) => [by.int(10, 500), by.int(500, seconds(60)), minutes(6)] },
  messageLate: { of: ['F2'], delivery: (by) => [by.int(seconds(1), minutes(2))] },
  messageLost: { of: ['F2'], delivery: () => [] },
  killed: { of: ['F3'], call: () => 'killed' },
  callRefused: { of: ['F3'], call: () => 'refused' },
  answerLost: { of: ['F3', 'F4'], call: () => 'ambiguous' },
  tableThrottled: { of: ['F4'], table: () => 'throttled' },
  tableAmbiguous: { of: ['F4'], table: ({ isWrite }) => (isWrite ? 'ambiguous' : undefined) },
  tableConflict: { of: ['F4', 'F5'], table: ({ isWrite }) => (isWrite ? 'conflict' : undefined) },
  tablePartial: { of: ['F4'], table: ({ command }) => (command.startsWith('Batch') ? 'partial' : undefined) },
  indexLate: { of: ['F12'], indexDelayMs: seconds(30) },
  noCapacity: { of: ['F6', 'F18'], run: () => 'refused' },
  runAnswerLost: { of: ['F6'], run: () => 'answerLost' },
  runLate: { of: ['F6'], run: () => 'late' },
  slowStart: { of: ['F6'], startMs: (by) => by.int(seconds(20), minutes(4)) },
  hangingStart: { of: ['F6'], startMs: () => null },
  taskKilled: { of: ['F6'], killsTask: true },
  clocksOff: { of: ['F12'], clockOffsetMs: seconds(5) },
  poisonedMessage: {
    of: ['F13'],
    poison: (townId, by) =>
      by.one([
        '{',
        '[]',
        JSON.stringify({ v: 1, townId, fact: { type: 'from_the_future' } }),
        JSON.stringify({ v: 1, townId, fact: { type: 'task_stopped', epoch: 'one', reason: '' } }),
        JSON.stringify({ v: 1, townId: 'nowhere', fact: { type: 'task_stopped', epoch: 1, reason: 'x' } }),
        JSON.stringify({ v: 1, townId, fact: { type: 'task_stopped', epoch: 0, reason: 'long ago' } }),
        JSON.stringify({
          v: 1,
          townId,
          fact: { type: 'effect_result', key: 'run_task:99', attempt: 1, result: { ok: true } },
        }),
      ]),
  },
  newerMessage: { of: ['F15'], poison: (townId) => JSON.stringify({ v: 99, townId }) },
  agentBreaks: badEnding(['F17'], 'exit', 'crash'),
  agentHangs: badEnding(['F17'], 'hang'),
  agentLies: badEnding(['F17'], 'unpushed', 'wrong_branch', 'foreign_commits', 'twice'),
  agentFloods: badEnding(['F17', 'F20'], 'flood'),
  agentTakesContainerAlong: badEnding(['F6'], 'oom'),
  reviewerNeverContent: {
    of: ['F17'],
    ending: ({ work }) => (work.kind === 'review' ? 'request_changes' : undefined),
  },
  modelRefuses: badEnding(['F18'], 'outage'),
  /** Long enough for the breaker. */
  modelDown: { ...badEnding(['F18', 'F19'], 'outage'), stormMs: minutes(25) },
  sessionNeverStarts: { of: ['F17'], neverStarts: true },
  gateFails: {
    of: ['F10'],
    job: ({ kind }) =>
      kind === 'check'
        ? { outcome: 'gate_failed', gate: 'npm test', exitCode: 1, outputTail: 'red' }
        : undefined,
  },
  mergeConflicts: {
    of: ['F10'],
    job: ({ kind }) => (kind === 'check' ? { outcome: 'conflict', files: ['a.ts'] } : undefined),
  },
  remoteFails: { of: ['F8'], job: () => ({ outcome: 'error', code: 'git_network', message: 'no route' }) },
  forgeFails: { of: ['F8'], forge: () => 'http_error' },
  forgeAnswerLost: { of: ['F8'], forge: () => 'answerLost' },
  forgeLimits: { of: ['F8', 'F18'], forge: () => 'rate_limited' },
  forgeTokenGone: { of: ['F8', 'F14'], forge: (_, by) => by.one(['unauthorized', 'no_token', 'forbidden']) },
  forgeAnswersInPart: { of: ['F9'], forge: (_, by) => by.one(['graphql_partial', 'invalid_response']) },
  mergeabilityUnknown: { of: ['F9'], deed: () => 'slowMergeability' },
  reviewersObject: { of: ['F10'], deed: (by) => by.one(['requestChanges', 'comment', 'checkFails']) },
  pullRequestChanges: { of: ['F10'], deed: (by) => by.one(['push', 'draft', 'merge', 'close']) },
  brownOut: {
    of: ['F19'],
    stormMs: minutes(20),
    table: (_, by) => (by.chance(0.5) ? 'throttled' : undefined),
    call: (_, by) => (by.chance(0.5) ? 'refused' : undefined),
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];
