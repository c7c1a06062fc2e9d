import type { TownStore } from '../../core/ports.ts';
import type { AgentSpec } from '../../core/protocol/sync.ts';
import { instructionsOf } from '../../core/town/config.ts';
import { gitAuthorOf } from '../../core/town/config/git-author.ts';
import type { DesiredAgent } from '../../core/town/container.ts';

/** What settings say of an agent that is to be started: they hold for the whole session. */
export async function agentSettings(
  store: Pick<TownStore, 'config' | 'record'>,
  townId: string,
  { role, rigId }: Pick<DesiredAgent, 'role' | 'rigId'>,
): Promise<Pick<AgentSpec, 'instructions' | 'gitAuthor'>> {
  const [config, rig] = await Promise.all([
    store.config(townId),
    rigId === '' ? undefined : store.record(townId, 'rig', rigId),
  ]);
  if (config === undefined) return {};
  const instructions = instructionsOf(role, config, rig?.config);
  const gitAuthor = gitAuthorOf(config);
  return {
    ...(instructions === undefined ? {} : { instructions }),
    ...(gitAuthor === undefined ? {} : { gitAuthor }),
  };
}
