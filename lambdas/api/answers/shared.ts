import * as z from 'zod';
import { edgeSchema } from '../../../core/town/bead.ts';
import { usageSchema } from '../../../core/town/usage.ts';

/** Parts of several records. */

export const usage = usageSchema
  .strict()
  .meta({ id: 'Usage', description: 'Model tokens and money (US dollars) of sessions that have ended' });
export const usageExample = { inputTokens: 18_250, outputTokens: 2310, costUsd: 0.09 };

export const edge = edgeSchema
  .strict()
  .meta({ id: 'Edge', description: 'A bead that is waited for, and what became of it' });

/** Why something ended or stands still: a stable word, and what it means to a person. */
export const problemOfRecord = z
  .strictObject({ code: z.string(), message: z.string() })
  .meta({ id: 'RecordProblem' });

/** Ids of the examples: one town that all of them speak of. */
export const EXAMPLE_IDS = {
  town: '019b8d3c-7a00-7c3e-8f14-2f6f6c1f9a01',
  rig: '019b8d3c-7e10-7b21-9a52-6c0d5f0f1b02',
  bead: '019b8d3d-0a40-74a5-8d3c-91f2c2ab3c03',
  blocker: '019b8d3d-0a3f-7f0e-b1a7-3dd0c6c04d04',
  convoy: '019b8d3d-0a30-7a6b-8c11-58b7a1e25e05',
  agent: '019b8d3d-4420-7d19-9e6f-0b1c7d316f06',
  mergeRequest: '019b8d41-5c60-7e48-a2d5-c4f08e427a07',
} as const;
