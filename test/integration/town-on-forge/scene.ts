import { integrationRecord } from '../integrations/record.ts';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { onTestFinished } from 'vitest';
import type { BlockerKind } from '../../../core/pull-request/blocker.ts';
import type { MergeRequest } from '../../../core/town/merge-request.ts';
import { createIntegrationStore } from '../../../lambdas/adapters/dynamodb/integrations.ts';
import { recordKey } from '../../../lambdas/adapters/dynamodb/keys.ts';
import type { RepositoryControls } from '../../../local/forge/controls/repository-controls.ts';
import { startForge, type ForgeOptions, type TestForge } from '../../../local/forge/start-forge.ts';
import { ACCESS, TOWN } from '../../forge/forge.ts';
import { bead, mergeRequest, pullRequest } from '../../unit/core/town-builder.ts';
import { eventually, startFixture, type Fixture } from '../api/fixture.ts';
import { idOf } from '../api/client.ts';

export const WEBHOOK_SECRET = 'the-webhook-secret-of-the-test-app';
const INSTALLATION = 1;
/** Real time that one wait may take. */
const MAX_WAIT_MS = 40_000;

const branchOf = (name: string): string => `gt/${name}`;

export interface TownOnForge {
  readonly fixture: Fixture;
  readonly forge: TestForge;
  readonly repository: RepositoryControls;
  readonly townId: string;
  readonly rigId: string;
  readonly token: string;
  /** A checked merge request of a branch that adds a file, as an agent would have left it. */
  addWork(name: string): Promise<void>;
  /** The same, as a pull request that waits for its approval, as GitHub told. */
  addOpened(name: string): Promise<void>;
  mergeRequest(id: string): Promise<MergeRequest | undefined>;
  /** Of the merge request `a`, at the last look. */
  isBlockedBy(kind: BlockerKind): Promise<boolean>;
  /** The ended one, too. */
  outcome(id: string): Promise<MergeRequest | undefined>;
  /** Time goes by for the town and the forge alike. */
  advance(ms: number): void;
  /** Wakes the town as often as it is due, until this is so. */
  until(isSo: () => Promise<boolean> | boolean, what: string): Promise<void>;
  /** What is due now is done, and nothing is under way any more. */
  quiet(): Promise<void>;
  why(): Promise<{ subject: { kind: string; id: string }; waitingOn: string; who: string; reason: string }[]>;
}

export interface TownOnForgeOptions extends Omit<ForgeOptions, 'now' | 'webhook'> {
  /** @default true: the town's owner has claimed the app's installation, and GitHub calls the webhook */
  readonly hasWebhooks?: boolean;
  readonly refinery?: object;
  readonly protection?: Parameters<RepositoryControls['protect']>[1];
}

/** A town whose one rig is on a forge, with everything in between that there is in AWS; agents and containers are left out. */
export async function townOnForge(options: TownOnForgeOptions = {}): Promise<TownOnForge> {
  const { hasWebhooks = true, refinery = {}, protection, ...forgeOptions } = options;
  const clock = { offsetMs: 0 };
  const forge = await startForge({ now: () => Date.now() + clock.offsetMs, ...forgeOptions });
  onTestFinished(() => forge.close());
  const fixture = await startFixture({
    isRunning: true,
    webhookSecrets: [WEBHOOK_SECRET],
    github: { githubApiUrl: forge.apiUrl, githubGraphqlUrl: forge.graphqlUrl },
  });
  onTestFinished(() => fixture.close());
  const repository = await forge.createRepository({
    owner: 'acme',
    name: 'app',
    files: { 'README.md': '# app\n' },
    access: ACCESS,
  });
  if (protection !== undefined) await repository.protect('main', protection);
  const token = await fixture.userToken('owner');
  const secret = forge.token(TOWN);
  fixture.secrets.add(secret);
  const config = {
    gitAuth: { githubToken: secret },
    mergeStrategy: 'pr',
    refinery: { codeReview: false, autoMergeDelayMinutes: 0, ...refinery },
  };
  const townId = idOf(await fixture.call('POST', '/v1/towns', { token, body: { name: 'town', config } }));
  const path = `/v1/towns/${townId}`;
  // Tokens go over https alone; nothing here runs git.
  const gitUrl = forge.gitUrl('acme', 'app').replace('http:', 'https:');
  const rigId = idOf(await fixture.call('POST', `${path}/rigs`, { token, body: { name: 'app', gitUrl } }));
  if (hasWebhooks) {
    await claim(fixture, 'owner');
    forge.webhooks.configure({ url: `${fixture.apiUrl}/v1/webhooks/github`, secret: WEBHOOK_SECRET });
  }
  /** Both at once: the town may be woken at any moment. */
  const addRequest = async (name: string, over: Partial<MergeRequest> = {}): Promise<void> => {
    const at = fixture.now();
    const common = { rigId, branch: branchOf(name), createdAt: at, updatedAt: at };
    const headSha = repository.head(branchOf(name));
    const candidate = { targetSha: repository.head('main') ?? '', candidateSha: headSha ?? '' };
    const stage = { stage: 'open', stageSince: at } as const;
    const records = [
      ['bead', bead(`bead-${name}`, { ...common, status: 'in_review', attempt: 1 })],
      [
        'mergeRequest',
        mergeRequest(name, `bead-${name}`, { ...common, ...stage, headSha, candidate, ...over }),
      ],
    ] as const;
    const TransactItems = records.map(([kind, record]) => {
      const Item = { ...record, ...recordKey(townId, kind, record.id) };
      return { Put: { TableName: fixture.tableName, Item } };
    });
    await fixture.document.send(new TransactWriteCommand({ TransactItems }));
  };
  const push = (name: string): Promise<string> =>
    repository.commit(branchOf(name), { files: { [`${name}.txt`]: name }, author: TOWN });
  const read = async (id: string): Promise<MergeRequest | undefined> =>
    (await fixture.live(townId)).live.mergeRequest.get(id);

  const town: TownOnForge = {
    fixture,
    forge,
    repository,
    townId,
    rigId,
    token,
    async addWork(name) {
      await push(name);
      await addRequest(name);
      // Any wake-up finds it.
      await fixture.towns.send({ v: 1, townId, fact: { type: 'forge_heard', rigId, numbers: [] } });
    },
    async addOpened(name) {
      const headSha = await push(name);
      const { number } = await repository.openPull({ head: branchOf(name), author: TOWN, title: name });
      const at = fixture.now();
      const looked = { at: 0, observedAt: at, lookedFrom: at, heardAt: at, readySince: undefined };
      const known = { ...looked, awaitingApprovalSince: at };
      await addRequest(name, { pullRequest: pullRequest({ number, headSha, ...known }) });
    },
    mergeRequest: read,
    async isBlockedBy(kind) {
      const { pullRequest: known } = (await read('a')) ?? {};
      return known?.blockers.some((blocker) => blocker.kind === kind) === true;
    },
    async outcome(id) {
      return (await read(id)) ?? fixture.store.archived(townId, 'mergeRequest', id);
    },
    advance(ms) {
      clock.offsetMs += ms;
      fixture.clock.offsetMs += ms;
    },
    async until(isSo, what) {
      const end = performance.now() + MAX_WAIT_MS;
      let quietRounds = 0;
      for (let round = 0; performance.now() < end; round += 1) {
        await forge.settled();
        if (await isSo()) return;
        const { outbox, head, inbox } = await fixture.live(townId);
        const isDue = head.dueAt !== undefined && head.dueAt <= fixture.now();
        // While somebody is at work time passes as it does. Every sweep of a town that is due is a message: a flood of them would keep it
        // from hearing anything else.
        if (outbox.size > 0) quietRounds = 0;
        else if (isDue && round % 4 === 0) await fixture.sweeper();
        else if (!isDue && inbox.length === 0) quietRounds += 1;
        if (quietRounds > 3) town.advance(1000);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      throw new Error(`it never happened: ${what}. ${JSON.stringify((await town.why()).slice(0, 4))}`);
    },
    async quiet() {
      await forge.settled();
      await fixture.sweeper();
      await eventually(
        'nothing is under way',
        async () => {
          await fixture.sweeper();
          const { outbox, head, inbox } = await fixture.live(townId);
          const isDue = head.dueAt !== undefined && head.dueAt <= fixture.now();
          return outbox.size === 0 && inbox.length === 0 && !isDue ? true : undefined;
        },
        30_000,
      );
    },
    async why() {
      const { body } = await fixture.call('GET', `${path}/why`, { token });
      return (body as { items: Awaited<ReturnType<TownOnForge['why']>> }).items;
    },
  };
  return town;
}

/** Somebody has installed the app, and shown that the account is theirs. */
export async function claim({ document, tableName, now }: Fixture, ownerId: string): Promise<boolean> {
  return createIntegrationStore({ client: document, tableName }).claim(
    integrationRecord(INSTALLATION, ownerId, { createdAt: now(), updatedAt: now() }),
  );
}
