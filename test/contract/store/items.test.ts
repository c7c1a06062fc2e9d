import { describe, expect, it } from 'vitest';
import { Draft } from '../../../core/draft.ts';
import { absentContainer, type Container } from '../../../core/town/container.ts';
import { desiredState } from '../../../core/town/desired.ts';
import type { Town } from '../../../core/town/town.ts';
import { difference, toItem, withUnknown } from '../../../lambdas/adapters/dynamodb/items.ts';
import { parseContainer } from '../../../lambdas/adapters/dynamodb/live-range.ts';
import { bead, NOW, rig } from './towns.ts';

/** The same value with the keys of every map the other way round: DynamoDB promises no order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, reversed(member)]);
  return Object.fromEntries(entries.toReversed());
}

const mr = {
  id: 'm1',
  rev: 1,
  rigId: 'rig-1',
  subject: { kind: 'bead' as const, id: 'b1' },
  title: 'Merge',
  branch: 'gt/x',
  target: 'main',
  headSha: 'a'.repeat(40),
  stageSince: NOW,
  jobCount: 1,
  jobErrors: 0,
  candidate: { targetSha: 'b'.repeat(40), candidateSha: 'c'.repeat(40) },
  staleCount: 0,
  reviewAttempt: 0,
  createdAt: NOW,
  updatedAt: NOW,
};
const agent = {
  rev: 1,
  rigId: 'rig-1',
  status: 'working' as const,
  attempt: 1,
  createdAt: NOW,
  updatedAt: NOW,
};
const done = { agentId: 'p', branch: 'gt/y', at: NOW, jobErrors: 0, jobId: 'j1' };
const town: Town = {
  head: {
    id: 't',
    name: 't',
    ownerId: 'o',
    lifecycle: 'active',
    version: 1,
    schema: 1,
    createdAt: NOW,
    updatedAt: NOW,
  },
  config: { rev: 1 },
  container: absentContainer(NOW),
  observed: undefined,
  live: {
    rig: new Map([['rig-1', rig('rig-1')]]),
    bead: new Map([
      ['b1', bead('b1', { branch: 'gt/x' })],
      ['b2', bead('b2', { branch: 'gt/y', done })],
    ]),
    convoy: new Map(),
    mergeRequest: new Map([
      ['m1', { ...mr, stage: 'checking', jobId: 'j2' }],
      ['m2', { ...mr, id: 'm2', stage: 'merging', jobId: 'j3' }],
      ['m3', { ...mr, id: 'm3', stage: 'reviewing' }],
    ]),
    agent: new Map([
      ['p', { ...agent, id: 'p', role: 'polecat', name: 'Toast', hook: { kind: 'bead', id: 'b1' } }],
      ['r', { ...agent, id: 'r', role: 'refinery', name: 'R', hook: { kind: 'mergeRequest', id: 'm3' } }],
    ]),
    mail: new Map([
      ['x', { id: 'x', rev: 1, agentId: 'p', attempt: 1, text: 'Hi', createdAt: NOW, updatedAt: NOW }],
    ]),
    escalation: new Map(),
    triageRequest: new Map(),
  },
  inbox: [],
  outbox: new Map(),
};

describe('stored items', () => {
  it('read the desired state in the order of keys that the rules compare it in', () => {
    const desired = desiredState(new Draft(town, NOW));
    expect([desired.agents.length, desired.jobs.map(({ kind }) => kind)]).toEqual([
      2,
      ['verify', 'check', 'merge'],
    ]);
    const container: Container = { ...town.container, rev: 1, desired };
    const item = reversed({ ...toItem(container), pk: 'p', sk: 's' }) as Record<string, unknown>;
    expect(JSON.stringify(parseContainer(item).desired)).toBe(JSON.stringify(desired));
  });

  const known = new Set(['a', 'b']);
  const differences = [
    { before: { a: 1 }, after: { a: 1, b: undefined }, update: undefined },
    { before: { a: { x: 1, y: [1] } }, after: { a: { y: [1], x: 1, z: undefined } }, update: undefined },
    { before: { a: 1 }, after: { a: 2, b: null }, update: { set: { a: 2, b: null }, remove: [] } },
    { before: { a: 1, b: 2 }, after: { a: 1 }, update: { set: {}, remove: ['b'] } },
    { before: { a: 1, new: 2 }, after: { a: 1 }, update: undefined },
    { before: { a: [1, 2] }, after: { a: [2, 1] }, update: { set: { a: [2, 1] }, remove: [] } },
  ];
  it.each(differences)('$before → $after writes $update', ({ before, after, update }) => {
    expect(difference(before, after, known)).toEqual(update);
  });

  it('keep what a schema does not know, however deep', () => {
    const raw = { a: { x: 1, y: 2 }, list: [{ x: 1, y: 2 }, 3], gone: 1 };
    const parsed = { a: { x: 1 }, list: [{ x: 1 }, 3] };
    expect(withUnknown(parsed, raw)).toEqual(raw);
    expect(withUnknown({ a: 1 }, { a: { b: 1 } })).toEqual({ a: 1 });
  });
});
