import type { AgentRole } from '../../protocol/report.ts';
import type { RigConfig } from './rig.ts';
import type { TownConfig } from './town.ts';

/** Models as people named them: `provider/model`, or the provider's own name of it. Absent: whoever serves them chooses. */
export interface ModelChoice {
  readonly model?: string | undefined;
  readonly smallModel?: string | undefined;
}

/** An empty name is as good as none. */
const named = (...names: readonly (string | undefined)[]): string | undefined =>
  names.find((name) => name !== undefined && name !== '');

/** The role's own model before the default one, and of each the rig's before the town's. The mayor has no rig. */
export function modelsFor(role: AgentRole, town: TownConfig, rig: RigConfig = {}): ModelChoice {
  const { smallModel } = town;
  if (role === 'mayor') {
    return { model: named(town.roleModels?.mayor, town.defaultModel), smallModel: named(smallModel) };
  }
  // Triage has none of its own: it does what a worker's model can do.
  const like = role === 'triage' ? 'polecat' : role;
  const ofRole = [rig.roleModels?.[like], town.roleModels?.[like]];
  return {
    model: named(...ofRole, rig.defaultModel, town.defaultModel),
    smallModel: named(smallModel),
  };
}
