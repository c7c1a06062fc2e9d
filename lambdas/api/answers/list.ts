import * as z from 'zod';

/** One page of records. */
export const listOf = <Item>(id: string, item: z.ZodType<Item>) =>
  z
    .strictObject({
      items: z.array(item),
      nextCursor: z.string().nullable().meta({ description: 'For the next page; null on the last one' }),
    })
    .meta({ id });
