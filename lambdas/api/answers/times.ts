import * as z from 'zod';
import type { Instant } from '../../../core/town/instant.ts';

/** A time as the HTTP contract has it: ISO-8601, UTC. */
export const time = z.iso.datetime().meta({ description: 'ISO-8601, UTC' });

export const iso = (at: Instant): string => new Date(at).toISOString();
export const isoOrNull = (at: Instant | undefined): string | null => (at === undefined ? null : iso(at));

/** Every record has these. */
export const times = { createdAt: time, updatedAt: time };

export const presentTimes = ({ createdAt, updatedAt }: { createdAt: Instant; updatedAt: Instant }) => ({
  createdAt: iso(createdAt),
  updatedAt: iso(updatedAt),
});

export const timesExample = { createdAt: '2026-01-05T09:00:00.000Z', updatedAt: '2026-01-05T09:30:00.000Z' };
