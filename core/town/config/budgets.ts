import * as z from 'zod';

/** What a budget may limit, and how it is measured. */
export const BUDGET_MEASURES = ['tokens', 'costUsd', 'containerMinutes'] as const;
export type BudgetMeasure = (typeof BUDGET_MEASURES)[number];

const SOFT = 'From here on nothing new is started for it; what runs goes on.';
const HARD = 'At this its sessions are ended, and nothing of it runs any more.';
const amount = z.number().positive().max(1e12);
const whole = amount.int();

/** Limits of one kind of thing. None has a default: what is not set is not limited. */
const limitsOf = (what: string, minutes: string) =>
  z.object({
    softTokens: whole.optional().meta({ description: `Model tokens of ${what}, in and out. ${SOFT}` }),
    hardTokens: whole.optional().meta({ description: `Model tokens of ${what}, in and out. ${HARD}` }),
    softCostUsd: amount.optional().meta({
      description: `US dollars of ${what}, as the agents' sessions report them; a model without a price costs nothing. ${SOFT}`,
    }),
    hardCostUsd: amount.optional().meta({ description: `US dollars of ${what}. ${HARD}` }),
    softContainerMinutes: amount.optional().meta({ description: `${minutes} ${SOFT}` }),
    hardContainerMinutes: amount.optional().meta({ description: `${minutes} ${HARD}` }),
  });

const inSession = (what: string): string => `Minutes in which sessions for ${what} ran in the container.`;

export const budgetSettings = z.object({
  town: limitsOf(
    'the town since it was made',
    'Minutes of the town’s containers since it was made.',
  ).optional(),
  convoy: limitsOf('each convoy with its beads', inSession('a convoy')).optional(),
  bead: limitsOf('each bead', inSession('a bead')).optional(),
});
export type Budgets = z.infer<typeof budgetSettings>;
export type BudgetScope = keyof Budgets;
export type Limits = NonNullable<Budgets['town']>;

/** The names of a measure's two limits. */
export const LIMIT_NAMES: Readonly<
  Record<BudgetMeasure, { readonly soft: keyof Limits; readonly hard: keyof Limits }>
> = {
  tokens: { soft: 'softTokens', hard: 'hardTokens' },
  costUsd: { soft: 'softCostUsd', hard: 'hardCostUsd' },
  containerMinutes: { soft: 'softContainerMinutes', hard: 'hardContainerMinutes' },
};
