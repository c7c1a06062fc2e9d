import type { TownConfig } from '../client/api.generated.ts';
import { note, ok, problem, type Finding } from './finding.ts';

/** Providers that take no request without a key of their own. */
const NEED_KEY: ReadonlySet<string> = new Set(['anthropic', 'openai']);

/** Settings that do not go together. What the installation itself has is not seen from here. */
export function checkSettings(config: TownConfig, rigCount: number): Finding[] {
  const findings: Finding[] = [];
  const { provider, apiKey, region, baseUrl } = config.model ?? {};
  if (provider !== undefined && NEED_KEY.has(provider) && apiKey === undefined) {
    findings.push(
      problem(
        `model.provider is ${provider}, and there is no key`,
        'gastown config set model.apiKey --secret-stdin',
      ),
    );
  }
  if (provider === 'amazon-bedrock' && region === undefined) {
    findings.push(
      problem(
        'model.provider is amazon-bedrock, and there is no region',
        'gastown config set model.region us-east-1',
      ),
    );
  }
  if (provider === 'openai-compatible' && baseUrl === undefined) {
    findings.push(
      problem(
        'model.provider is openai-compatible, and there is no address',
        'gastown config set model.baseUrl https://…',
      ),
    );
  }
  if (rigCount === 0) findings.push(note('the town has no repository', 'gastown rigs add <name> <git url>'));
  return findings.length > 0 ? findings : [ok('the settings go together')];
}
