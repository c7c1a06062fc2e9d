import type { EnvironmentAnswer } from '../../core/protocol/credentials.ts';
import { variableOfSecret } from '../../core/town/config/secrets.ts';
import { revealed, type RevealDeps } from '../adapters/secrets/reveal.ts';

/** The variables that people set for agents and gates. */
export async function environmentFor(deps: RevealDeps, townId: string): Promise<EnvironmentAnswer> {
  const { values } = await revealed(deps, townId, (name) => variableOfSecret(name) !== undefined);
  const variables = [...values].map(([name, value]) => [variableOfSecret(name) ?? name, value] as const);
  return { variables: Object.fromEntries(variables) };
}
