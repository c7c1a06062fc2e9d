import { expect, test } from 'vitest';
import type { Status, Town } from '../../../cli/client/api.generated.ts';
import { statusText } from '../../../cli/views/status.ts';
import { townExample } from '../../../lambdas/api/answers/town.ts';
import { statusExample } from '../../../lambdas/api/answers/status.ts';
import { styleOf } from './style.ts';

const shown = (budget: Status['budget']): string =>
  statusText(styleOf(200), townExample as Town, { ...statusExample, budget } as Status);
const spent = { tokens: 120, costUsd: 1.456, containerMinutes: 4 };

test.each([
  [
    'nothing is limited',
    { state: 'ok', spent, left: { tokens: null, costUsd: null, containerMinutes: null } },
    '120 tokens, $1.46, 4.0 container minutes\n',
  ],
  [
    'what is left is said of what is limited',
    { state: 'ok', spent, left: { tokens: 80, costUsd: null, containerMinutes: 1.5 } },
    '4.0 container minutes; left: 80 tokens, 1.5 minutes\n',
  ],
  [
    'a limit is reached',
    { state: 'hard', spent, left: { tokens: 0, costUsd: null, containerMinutes: null } },
    'left: 0 tokens; the budget is spent (hard limit)\n',
  ],
] as const)('%s', (_, budget, text) => expect(shown(budget)).toContain(text));
