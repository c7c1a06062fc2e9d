import * as z from 'zod';
import { messageMode } from '../../../core/protocol/sync.ts';

export const nudgeAgent = z
  .strictObject({
    message: z.string().trim().min(1).max(4000),
    mode: messageMode.default('wait-idle').meta({
      description: 'Between its turns, in the middle of one, or with the next thing that it is told',
    }),
  })
  .meta({ id: 'NudgeAgent' });

export const nudgeAgentExample: z.input<typeof nudgeAgent> = {
  message: 'The API of the cart changed on main: rebase before you go on.',
};
