import { MESSAGE_VERSION, type MessageFact } from '../../core/facts/message.ts';
import { integrationIdOf, mayUse } from '../../core/integration.ts';
import type { IntegrationStore, Now, Telemetry, TownQueue, TownStore } from '../../core/ports.ts';
import { repositoryNameOf } from '../../core/town/repository-name.ts';
import type { RepositoryRows } from '../adapters/dynamodb/repository-rows.ts';
import type { GitHubEvent } from './github-event.ts';

export interface TakeEventDeps {
  readonly integrations: Pick<IntegrationStore, 'integration' | 'setState'>;
  readonly repositories: RepositoryRows;
  readonly store: Pick<TownStore, 'head'>;
  readonly towns: TownQueue;
  readonly telemetry: Telemetry;
  /** `github.com`, or that of an Enterprise Server. */
  readonly githubHost: string;
  readonly now: Now;
}

/**
 * Tells the towns that an event concerns. Whose an installation is, is what was claimed here and nothing that the event says: a town of
 * somebody else that names the same repository hears nothing.
 * @param deliveryId the same delivery, sent again, is one message for SQS
 * @throws Unavailable
 */
export async function takeEvent(
  deps: TakeEventDeps,
  event: Exclude<GitHubEvent, { kind: 'ignored' }>,
  deliveryId: string,
): Promise<void> {
  const { integrations, repositories, store, towns, telemetry, githubHost, now } = deps;
  const id = integrationIdOf(event.installationId);
  if (event.kind === 'installation') {
    await integrations.setState(id, event.state, now());
    return telemetry.log('info', 'installation', { integrationId: id, state: event.state });
  }
  const integration = await integrations.integration(id);
  if (integration?.state !== 'active') return telemetry.count('webhook.unclaimed', 1);
  const { fullName, numbers, headSha, branch } = event.place;
  const name = repositoryNameOf(`https://${githubHost}/${fullName}`);
  const rows = name === undefined ? [] : await repositories.rigsOf(name);
  await Promise.all(
    rows.map(async ({ townId, rigId }) => {
      const head = await store.head(townId);
      if (head === undefined || !mayUse(head, integration)) return;
      const fact: MessageFact = { type: 'forge_heard', rigId, numbers: [...numbers], headSha, branch };
      await towns.send({ v: MESSAGE_VERSION, townId, fact }, `${deliveryId}#${rigId}`);
      telemetry.count('webhook.facts', 1);
    }),
  );
}
