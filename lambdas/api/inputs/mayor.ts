import * as z from 'zod';

/** As it counts in the store. A character has a byte at least, so the document's limit is not stricter than this one. */
const textOf = (maxBytes: number) =>
  z
    .string()
    .refine((text) => text.trim() !== '', 'nothing but spaces')
    .refine((text) => Buffer.byteLength(text) <= maxBytes, `at most ${maxBytes / 1024} KiB`)
    .meta({ minLength: 1, maxLength: maxBytes, description: `At most ${maxBytes / 1024} KiB as UTF-8` });

export const writeToMayor = z
  .strictObject({
    message: textOf(16 * 1024),
    context: textOf(4 * 1024)
      .optional()
      .meta({ description: 'What the person is looking at, so that "this" means something; at most 4 KiB' }),
  })
  .meta({ id: 'WriteToMayor' });

export const writeToMayorExample: z.input<typeof writeToMayor> = {
  message: 'Compute the total of a cart, and then show it.',
  context: 'the page of the rig app',
};
