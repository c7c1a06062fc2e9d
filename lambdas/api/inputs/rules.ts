import * as z from 'zod';
import { id } from './fields.ts';

export const resumeRule = z
  .strictObject({ rule: id.meta({ description: 'As `GET …/why` names it' }) })
  .meta({ id: 'ResumeRule' });

export const resumeRuleExample: z.input<typeof resumeRule> = { rule: 'bead/dispatch' };
