import * as z from 'zod';
import { beadSchema } from '../../core/town/bead.ts';

/** Query parameters. They arrive as text; a parameter that is given twice arrives joined by commas, and is refused. */

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

const limit = z
  .string()
  .regex(/^\d{1,3}$/, `a whole number from 1 to ${MAX_LIMIT}`)
  .transform(Number)
  .refine((count) => count >= 1 && count <= MAX_LIMIT, `a whole number from 1 to ${MAX_LIMIT}`)
  .default(DEFAULT_LIMIT)
  .meta({
    description: 'The most records of one page',
    // A number to clients: that it travels as text is the way of all parameters.
    override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
      delete jsonSchema['pattern'];
      Object.assign(jsonSchema, { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT });
    },
  });

const cursor = z
  .string()
  .min(1)
  .max(2048)
  .optional()
  .meta({ description: '`nextCursor` of the page before' });

/** Every list takes these. */
export const pageQuery = z.strictObject({ limit, cursor });
export type PageQuery = z.output<typeof pageQuery>;

/** There may be nothing under an id; that is an empty list and not an error. */
const idFilter = z.string().min(1).optional();

export const beadsQuery = pageQuery.extend({
  status: beadSchema.shape.status.optional(),
  type: beadSchema.shape.type.optional(),
  rigId: idFilter,
  convoyId: idFilter,
  agentId: idFilter,
  label: z.string().min(1).optional(),
});

export const mergeQueueQuery = pageQuery.extend({ rigId: idFilter });

export const whyQuery = z.strictObject({ beadId: idFilter });

export const installUrlQuery = z.strictObject({
  return: z.string().optional().meta({
    description: 'A path of the console to come back to, as `/onboarding?step=repo`; any other is ignored',
    example: '/onboarding?step=repo',
  }),
  orgId: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'One of your organisations, which the integration will belong to' }),
});

/** No number of GitHub's has more digits that a JavaScript number is exact for. */
const MAX_DIGITS = 15;

/** Named by GitHub. */
export const installReturnQuery = z.strictObject({
  state: z.string().min(1).max(256).optional(),
  code: z.string().min(1).max(256).optional(),
  installation_id: z
    .string()
    .regex(new RegExp(`^[1-9]\\d{0,${MAX_DIGITS - 1}}$`))
    .transform(Number)
    .optional()
    .meta({
      override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
        delete jsonSchema['pattern'];
        Object.assign(jsonSchema, { type: 'integer', minimum: 1 });
      },
    }),
  setup_action: z.string().max(64).optional(),
});

export const removeRigQuery = z.strictObject({
  force: z
    .enum(['true', 'false'])
    .transform((force) => force === 'true')
    .default(false)
    .meta({
      description: 'Cancel what is unfinished in it',
      override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
        delete jsonSchema['enum'];
        Object.assign(jsonSchema, { type: 'boolean', default: false });
      },
    }),
});
