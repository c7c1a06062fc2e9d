import { expect, test } from 'vitest';
import type { Explanation, Status, TownConfig } from '../../../cli/client/api.generated.ts';
import type { Finding } from '../../../cli/doctor/finding.ts';
import { checkSettings } from '../../../cli/doctor/settings.ts';
import { checkStatus } from '../../../cli/doctor/status.ts';
import { checkToken } from '../../../cli/doctor/token.ts';
import { checkWaits } from '../../../cli/doctor/waits.ts';
import { NOW } from './style.ts';

const at = (offsetMs: number): string => new Date(NOW + offsetMs).toISOString();
const MINUTE = 60_000;

const tokenUntil = (offsetMs: number): string =>
  `x.${Buffer.from(JSON.stringify({ exp: (NOW + offsetMs) / 1000 })).toString('base64url')}.x`;

test.each([
  ['none', undefined, 'problem', 'GASTOWN_TOKEN'],
  ['not a token', 'abc', 'problem', 'gastown login'],
  ['over', tokenUntil(-1000), 'problem', 'gastown login'],
  ['over this instant', tokenUntil(0), 'problem', 'gastown login'],
  ['soon over', tokenUntil(5 * MINUTE), 'note', 'gastown login'],
  ['good', tokenUntil(60 * MINUTE), 'ok', ''],
] as const)('a token that is %s', (_situation, token, level, advice) => {
  const finding = checkToken(token, NOW, false);
  expect(finding.level).toBe(level);
  expect(finding.advice ?? '').toContain(advice);
});

const healthy: Status = {
  lifecycle: 'active',
  container: { state: 'running', epoch: 2, startedAt: at(-60 * MINUTE), lastSyncAt: at(-2000) },
  agents: { working: 0, waiting: 0, idle: 0, stalled: 0 },
  beads: { open: 0, inProgress: 0, inReview: 0, closed: 0, failed: 0 },
  convoys: { open: 0, landed: 0, needsAttention: 0 },
  dueAt: null,
  breaker: { state: 'closed' },
  capacity: { slots: 6, waiting: 0 },
  budget: {
    state: 'ok',
    spent: { tokens: 0, costUsd: 0, containerMinutes: 0 },
    left: { tokens: null, costUsd: null, containerMinutes: null },
  },
};

const statusRows: readonly [string, Partial<Status>, Finding['level'], string][] = [
  ['all is well', {}, 'ok', 'succeeds'],
  ['paused by somebody', { lifecycle: 'paused' }, 'note', 'paused'],
  [
    'it cannot be brought forward',
    { failure: { since: at(-MINUTE), count: 3, error: 'boom' } },
    'problem',
    'boom',
  ],
  ['its time has just come', { dueAt: at(-MINUTE) }, 'ok', 'succeeds'],
  ['its time is long past', { dueAt: at(-6 * MINUTE) }, 'problem', 'should have been looked at 6m ago'],
  [
    'a silent container',
    { container: { state: 'running', epoch: 2, lastSyncAt: at(-4 * MINUTE) } },
    'problem',
    'last heard of 4m ago',
  ],
  [
    'a container that never said anything',
    { container: { state: 'running', epoch: 2, startedAt: at(-4 * MINUTE) } },
    'problem',
    '4m ago',
  ],
  [
    'one that was silent, and is gone',
    { container: { state: 'absent', epoch: 2, lastSyncAt: at(-400 * MINUTE) } },
    'ok',
    'succeeds',
  ],
  ['an open breaker', { breaker: { state: 'open', since: at(-MINUTE) } }, 'problem', 'breaker is open'],
];
test.each(statusRows)('a town: %s', (_situation, change, level, text) => {
  const [finding, ...others] = checkStatus({ ...healthy, ...change }, NOW);
  expect([finding?.level, others]).toEqual([level, []]);
  expect(finding?.what).toContain(text);
});

const settingsRows: readonly [string, TownConfig, number, Finding['level'], string][] = [
  ['nothing set: the installation has a model, or why says so', {}, 1, 'ok', ''],
  ['a provider without its key', { model: { provider: 'anthropic' } }, 1, 'problem', 'model.apiKey'],
  [
    'with its key, which is shown as a mask',
    { model: { provider: 'openai', apiKey: '****abcd' } },
    1,
    'ok',
    '',
  ],
  ['Bedrock without a region', { model: { provider: 'amazon-bedrock' } }, 1, 'problem', 'model.region'],
  [
    'an own provider without an address',
    { model: { provider: 'openai-compatible' } },
    1,
    'problem',
    'model.baseUrl',
  ],
  ['no repository', {}, 0, 'note', 'gastown rigs add'],
];
test.each(settingsRows)('settings: %s', (_situation, config, rigCount, level, advice) => {
  const [finding] = checkSettings(config, rigCount);
  expect(finding?.level).toBe(level);
  expect(finding?.advice ?? '').toContain(advice);
});

const BEAD = '019b8d3d-0a40-74a5-8d3c-91f2c2ab3c03';
const CONVOY = '019b8d3d-0a30-7a6b-8c11-58b7a1e25e05';
const row = (kind: Explanation['subject']['kind'], change: Partial<Explanation> = {}): Explanation => ({
  subject: { kind, id: kind === 'convoy' ? CONVOY : BEAD, title: 'Cart' },
  state: 'needs_attention',
  waitingOn: 'a person',
  rule: 'rule',
  reason: 'because',
  since: at(-MINUTE),
  until: null,
  who: 'human',
  ...change,
});
const held = { state: 'waiting', waitingOn: 'start' } as const;

test.each([
  ['a failed convoy', row('convoy'), 'problem', 'gastown convoy retry a1e25e05'],
  ['a staged one', row('convoy', held), 'note', 'gastown convoy start a1e25e05'],
  [
    'one without beads',
    row('convoy', { state: 'waiting', waitingOn: 'beads' }),
    'note',
    'gastown convoy add a1e25e05',
  ],
  ['a held bead', row('bead', held), 'note', 'gastown beads start c2ab3c03'],
  [
    'a bead of a staged convoy',
    row('bead', { ...held, heldBy: { kind: 'convoy', id: CONVOY } }),
    'note',
    'gastown convoy start a1e25e05',
  ],
  [
    'a bead after a failed one',
    row('bead', { heldBy: { kind: 'bead', id: CONVOY } }),
    'problem',
    'gastown beads reopen a1e25e05',
  ],
  ['a bead that does not get on', row('bead'), 'problem', 'gastown beads show c2ab3c03 --attempts'],
  ['somebody asks for help', row('escalation'), 'problem', 'gastown escalations ack c2ab3c03'],
  ['a suspended rule', row('town'), 'problem', 'gastown events'],
  ['a job that fails', row('mergeRequest'), 'problem', 'gastown merge-queue'],
  ['a session that does not start', row('agent'), 'problem', 'gastown agents reset'],
  ['something that is tried in vain', row('effect'), 'problem', 'worker'],
] as const)('%s, and the command that ends the wait', (_situation, explanation, level, advice) => {
  const [finding, ...others] = checkWaits([explanation]);
  expect([finding?.level, others]).toEqual([level, []]);
  expect(finding?.advice).toContain(advice);
});

test('what moves, or waits for the town, is no finding; one staged convoy is one', () => {
  const moving = row('bead', { state: 'progressing', who: 'agent' });
  expect(checkWaits([moving]).map(({ level }) => level)).toEqual(['ok']);
  const ofConvoy = row('bead', { ...held, heldBy: { kind: 'convoy', id: CONVOY } });
  expect(checkWaits([row('convoy', held), ofConvoy])).toHaveLength(1);
});
