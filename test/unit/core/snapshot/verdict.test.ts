import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  judgeManifest,
  manifestText,
  type SnapshotPointer,
} from '../../../../core/protocol/snapshot-verdict.ts';
import type { SnapshotManifest, SnapshotRefusal } from '../../../../core/protocol/snapshots.ts';
import { MANIFEST, pointerTo, READER, sha256 } from './manifests.ts';

const GOOD = manifestText(MANIFEST);
const judge = (text: string, pointer: SnapshotPointer, reader = READER) =>
  judgeManifest(text, sha256(text), pointer, reader);

test.each<[string, Partial<SnapshotManifest>, SnapshotRefusal | 'accepted']>([
  ['that is whole and this agent’s', {}, 'accepted'],
  ['with a chunk less', { chunks: MANIFEST.chunks.slice(1) }, 'incomplete_manifest'],
  ['with a chunk more', { chunks: [...MANIFEST.chunks, ...MANIFEST.chunks.slice(1)] }, 'incomplete_manifest'],
  ['of another town', { townId: 'town-2' }, 'other_town'],
  ['of another agent', { agentId: 'agent-2' }, 'other_agent'],
  ['of an older generation', { generation: 6 }, 'other_generation'],
  ['of a later generation', { generation: 8 }, 'other_generation'],
  ['of another epoch than the town wrote down', { epoch: 2 }, 'other_generation'],
  ['of another runtime', { runtime: '2' }, 'other_runtime'],
  ['of an older agent server', { server: '7.7.6' }, 'other_server'],
  ['of a newer agent server', { server: '8.0.0' }, 'other_server'],
])('a manifest %s', (_, change, expected) => {
  const text = manifestText({ ...MANIFEST, ...change });
  const verdict = judge(text, pointerTo(text));
  expect(verdict.state === 'refused' ? verdict.reason : verdict.state).toBe(expected);
});

test.each<[string, string, SnapshotPointer, SnapshotRefusal]>([
  ['another hash than the town knows', GOOD, pointerTo(`${GOOD} `), 'altered_manifest'],
  ['a text cut off', GOOD.slice(0, -2), pointerTo(GOOD), 'altered_manifest'],
  ['no JSON in it', GOOD.slice(0, -2), pointerTo(GOOD.slice(0, -2)), 'unreadable_manifest'],
  [
    'a later format',
    GOOD.replace('"format":1', '"format":2'),
    pointerTo(GOOD.replace('"format":1', '"format":2')),
    'unreadable_manifest',
  ],
])('a manifest with %s', (_, text, pointer, reason) => {
  expect(judge(text, pointer)).toEqual({ state: 'refused', reason });
});

test('a manifest of a later epoch than the reader’s is refused', () => {
  expect(judge(GOOD, pointerTo(GOOD), { ...READER, epoch: 2 })).toEqual({
    state: 'refused',
    reason: 'later_epoch',
  });
});

/** What goes wrong with the stored text, which the town knows by its hash. */
const torn = fc
  .oneof(
    fc.nat(GOOD.length - 1).map((length) => GOOD.slice(0, length)),
    fc
      .tuple(fc.nat(GOOD.length - 1), fc.integer({ min: 32, max: 126 }))
      .map(([at, code]) => GOOD.slice(0, at) + String.fromCharCode(code) + GOOD.slice(at + 1)),
    fc
      .tuple(fc.nat(GOOD.length), fc.string({ minLength: 1 }))
      .map(([at, more]) => GOOD.slice(0, at) + more + GOOD.slice(at)),
  )
  .filter((text) => text !== GOOD)
  .map((text) => ({ text, pointer: pointerTo(GOOD) }));

/** Whole manifests of something else, at the place of the good one. */
const change = fc.oneof(
  fc.record({ townId: fc.string({ maxLength: 20 }) }),
  fc.record({ agentId: fc.string({ maxLength: 20 }) }),
  fc.record({ epoch: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ generation: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ runtime: fc.string({ minLength: 1, maxLength: 5 }) }),
  fc.record({ server: fc.string({ minLength: 1, maxLength: 8 }) }),
  fc.record({ chunks: fc.subarray(MANIFEST.chunks, { minLength: 1, maxLength: 2 }) }),
);
const other = fc
  .tuple(change, change, fc.boolean())
  .map(([one, two, isKnown]) => ({ text: manifestText({ ...MANIFEST, ...one, ...two }), isKnown }))
  .filter(({ text }) => text !== GOOD)
  // Even if the town had written down its hash.
  .map(({ text, isKnown }) => ({ text, pointer: pointerTo(isKnown ? text : GOOD) }));

test('of 10,000 torn, stale and foreign manifests none is accepted', { timeout: 30_000 }, () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.oneof(torn, other), ({ text, pointer }) => {
      if (judge(text, pointer).state === 'refused') refused += 1;
    }),
    { numRuns: 10_000 },
  );
  expect(refused).toBe(10_000);
});
