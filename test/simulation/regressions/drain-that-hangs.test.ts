import { expect, test } from 'vitest';
import { minutes } from '../../../core/town/instant.ts';
import { container, decided, observed, step, T0, town } from '../../unit/core/town-builder.ts';

/** The predecessor's drain flag stuck until a net of seven minutes took it away; nothing was dispatched meanwhile. */
test.each([
  { lifecycle: 'active', afterMs: minutes(5) },
  { lifecycle: 'paused', afterMs: 40_000 },
] as const)('a drain that hangs in a town that is $lifecycle is cut off', ({ lifecycle, afterMs }) => {
  const parts = {
    head: { lifecycle },
    container: container('draining', { idleSince: T0 }),
    observed: observed({ phase: 'draining', syncedAt: T0 + afterMs }),
  };
  expect(decided(step(town(parts), [], afterMs - 1))).toEqual([]);
  expect(decided(step(town(parts), [], afterMs))).toEqual(['container 1: draining → stopping']);
});
