import { BUDGET_MEASURES, LIMIT_NAMES, type Budgets } from './budgets.ts';
import { isModelProvider, type ModelProvider } from './model-provider.ts';
import { HAS_DEFAULT_MODEL } from './provider-defaults.ts';
import type { RigConfig } from './rig.ts';
import type { TownConfig } from './town.ts';

/** What does not hold although every single value is right. */
export interface SettingIssue {
  /** Of the setting: `model.baseUrl`. */
  readonly path: string;
  readonly message: string;
}

/** Settings of a town that cannot work together. */
export function issuesOfTown(town: TownConfig): SettingIssue[] {
  const { model, defaultModel, roleModels = {} } = town;
  const provider = model?.provider;
  const issues: SettingIssue[] = issuesOfBudgets(town.budgets);
  if (provider === undefined) return issues;
  const miss = (path: string, message: string): void => void issues.push({ path, message });
  if (provider === 'openai-compatible' && model?.baseUrl === undefined) {
    miss('model.baseUrl', 'openai-compatible needs the address of the API');
  }
  if (provider === 'amazon-bedrock' && model?.region === undefined) {
    miss('model.region', 'amazon-bedrock needs the region of the models');
  }
  const isComplete = [roleModels.mayor, roleModels.refinery, roleModels.polecat].every(
    (name) => name !== undefined,
  );
  if (defaultModel === undefined && !isComplete && !HAS_DEFAULT_MODEL.has(provider)) {
    miss('defaultModel', `${provider} has no model of its own choice: name one`);
  }
  const named = { defaultModel, smallModel: town.smallModel };
  return [...issues, ...foreignModels(provider, named, roleModels)];
}

/** A hard limit below the soft one would end what may still go on. */
function issuesOfBudgets(budgets: Budgets = {}): SettingIssue[] {
  return Object.entries(budgets).flatMap(([scope, limits]) =>
    BUDGET_MEASURES.flatMap((measure) => {
      const { soft, hard } = LIMIT_NAMES[measure];
      const [softLimit = 0, hardLimit = Number.POSITIVE_INFINITY] = [limits?.[soft], limits?.[hard]];
      const path = `budgets.${scope}.${hard}`;
      return hardLimit < softLimit ? [{ path, message: `this is below ${soft}, which is ${softLimit}` }] : [];
    }),
  );
}

/** The same for what was set for one rig of the town. */
export function issuesOfRig(town: TownConfig, { defaultModel, roleModels = {} }: RigConfig): SettingIssue[] {
  const provider = town.model?.provider;
  return provider === undefined ? [] : foreignModels(provider, { defaultModel }, roleModels);
}

type Named = Readonly<Record<string, string | undefined>>;

/** Models of another provider than the town's. Behind an address of one's own any name may stand for anything. */
function foreignModels(provider: ModelProvider, named: Named, ofRoles: Named): SettingIssue[] {
  if (provider === 'openai-compatible') return [];
  const all = [
    ...Object.entries(named),
    ...Object.entries(ofRoles).map(([role, name]) => [`roleModels.${role}`, name] as const),
  ];
  return all.flatMap(([path, name]) => {
    const [first = ''] = name?.split('/', 1) ?? [];
    const isForeign = isModelProvider(first) && first !== provider;
    return isForeign
      ? [{ path, message: `this is a model of ${first}, and model.provider is ${provider}` }]
      : [];
  });
}
