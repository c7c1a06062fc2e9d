import * as z from 'zod';

/** Steps that a bead may have; with the instructions of all of them it still is one small item. */
export const MAX_STEPS = 20;

export const moleculeStep = z.object({
  title: z.string(),
  instructions: z.string().optional(),
});

/** A bead that is done in steps, one after the other: the worker says of each that it is finished, and only then sees the next. */
export const moleculeSchema = z.object({
  steps: z.array(moleculeStep),
  /** What was said of the finished ones, in order. */
  summaries: z.array(z.string()),
});
export type Molecule = z.infer<typeof moleculeSchema>;

/** The step that is to be done now, from 0; undefined: all are finished. */
export function currentStep({ steps, summaries }: Molecule) {
  const index = summaries.length;
  const step = steps[index];
  return step === undefined ? undefined : { index, count: steps.length, ...step };
}
