import type { Usage } from '../client/api.generated.ts';
import { compactNumber, money } from '../render/words.ts';

/** Undefined: nothing was spent. */
export const spent = ({ inputTokens, outputTokens, costUsd }: Usage): string | undefined =>
  inputTokens + outputTokens + costUsd === 0
    ? undefined
    : `${money(costUsd)}, ${compactNumber(inputTokens)} tokens in, ${compactNumber(outputTokens)} out`;
