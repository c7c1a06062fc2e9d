import * as z from 'zod';
import type { UserIdRange } from '../process/process-users.ts';

/** `20000-20999`: numbers above those of the system's own users, and enough for the jobs and some agents. */
export const userIdRange = z
  .string()
  .regex(/^\d{4,9}-\d{4,9}$/, 'is a range of user ids, as 20000-20999')
  .transform((text): UserIdRange => {
    const [first = 0, last = 0] = text.split('-').map(Number);
    return { first, last };
  })
  .refine(({ first, last }) => last - first >= 9, 'has at least ten ids');
