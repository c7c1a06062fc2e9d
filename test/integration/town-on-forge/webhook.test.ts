import { createHmac } from 'node:crypto';
import { ReceiveMessageCommand, DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { Unavailable } from '../../../core/errors.ts';
import type { Integration } from '../../../core/integration.ts';
import { createDeliveries } from '../../../lambdas/adapters/dynamodb/deliveries.ts';
import { createIntegrationStore } from '../../../lambdas/adapters/dynamodb/integrations.ts';
import { createRepositoryRows } from '../../../lambdas/adapters/dynamodb/repository-rows.ts';
import { createHttpHandler } from '../../../lambdas/http/handler.ts';
import type { HttpEvent } from '../../../lambdas/http/route.ts';
import { webhookRoutes } from '../../../lambdas/webhook/routes.ts';
import { idOf } from '../api/client.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { claim } from './scene.ts';

/** F11 at the door: what is believed, what counts once, and who hears of it. */

const SECRETS = ['the-present-secret', 'the-one-before'];
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ webhookSecrets: SECRETS });
});
afterAll(() => fixture.close());

/** A town with a rig at each address. */
async function townAt(userId: string, ...gitUrls: string[]) {
  const token = await fixture.userToken(userId);
  const townId = idOf(await fixture.call('POST', '/v1/towns', { token, body: { name: 'town' } }));
  const rigs: string[] = [];
  for (const [place, gitUrl] of gitUrls.entries()) {
    const body = { name: `rig-${place}`, gitUrl };
    rigs.push(idOf(await fixture.call('POST', `/v1/towns/${townId}/rigs`, { token, body })));
  }
  return { token, townId, rigs, path: `/v1/towns/${townId}` };
}

const message = z.object({ townId: z.string(), fact: z.looseObject({ type: z.string() }).optional() });
/** What towns have heard since the last call. */
async function heard(): Promise<object[]> {
  const facts: object[] = [];
  const QueueUrl = fixture.queues.townEventsUrl;
  for (let empty = 0; empty < 1;) {
    const { Messages = [] } = await fixture.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) empty += 1;
    for (const { Body = '', ReceiptHandle } of Messages) {
      const { townId, fact } = message.parse(JSON.parse(Body));
      if (fact?.type === 'forge_heard') facts.push({ townId, ...fact });
      await fixture.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
  return facts;
}

const sign = (body: string, secret = SECRETS[0] ?? ''): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

let deliveries = 0;
interface Sent {
  readonly event?: string;
  readonly body?: string | Buffer;
  readonly signature?: string | undefined;
  readonly delivery?: string;
  readonly headers?: Record<string, string>;
}
async function send({ event = 'pull_request', body = opened(), delivery, headers = {}, ...rest }: Sent = {}) {
  deliveries += 1;
  const signature = 'signature' in rest ? rest.signature : sign(body.toString());
  const answer = await fetch(`${fixture.apiUrl}/v1/webhooks/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': delivery ?? `delivery-${deliveries}`,
      ...(signature === undefined ? {} : { 'x-hub-signature-256': signature }),
      ...headers,
    },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

const common = (over: object = {}) => ({
  installation: { id: 1 },
  repository: { full_name: 'Acme/App' },
  ...over,
});
const opened = (over: object = {}): string =>
  JSON.stringify({ action: 'opened', pull_request: { number: 7, head: { ref: 'gt/a' } }, ...common(over) });
const setState = (state: Integration['state']): Promise<void> =>
  createIntegrationStore({ client: fixture.document, tableName: fixture.tableName }).setState(
    'github-1',
    state,
    fixture.now(),
  );

test('nobody has claimed the installation: it is taken, and nobody hears of it', async () => {
  await townAt('early', 'https://github.com/acme/app.git');
  expect(await send()).toMatchObject({ status: 202 });
  expect(await heard()).toEqual([]);
});

test('the towns of who claimed it hear of it, at the rigs of that repository and at no other', async () => {
  await claim(fixture, 'owner');
  const mine = await townAt('owner', 'https://github.com/acme/app', 'https://github.com/acme/other.git');
  const second = await townAt('owner', 'https://github.com/ACME/app.git');
  await townAt('somebody-else', 'https://github.com/acme/app.git');
  await heard();
  expect(await send()).toMatchObject({ status: 202 });
  const fact = { type: 'forge_heard', numbers: [7], branch: 'gt/a' };
  const facts = await heard();
  expect(facts).toHaveLength(2);
  expect(facts).toEqual(
    expect.arrayContaining([
      { townId: mine.townId, rigId: mine.rigs[0], ...fact },
      { townId: second.townId, rigId: second.rigs[0], ...fact },
    ]),
  );
  // A rig that has another address now, and one that is removed, are not found any more.
  await fixture.call('PATCH', `${mine.path}/rigs/${mine.rigs[0]}`, {
    token: mine.token,
    body: { gitUrl: 'https://github.com/acme/moved.git' },
  });
  await fixture.call('DELETE', `${second.path}/rigs/${second.rigs[0]}`, { token: second.token });
  await fixture.reconcile(second.townId);
  await heard();
  await send();
  expect(await heard()).toEqual([]);
  await send({ body: opened({ repository: { full_name: 'acme/moved' } }) });
  expect(await heard()).toMatchObject([{ rigId: mine.rigs[0] }]);
});

const HEARS = 'acme/moved';
const at = (over: object = {}): object => common({ repository: { full_name: HEARS }, ...over });

test.each<{ what: string; event: string; payload: object; fact: object | undefined }>([
  {
    what: 'a review',
    event: 'pull_request_review',
    payload: { action: 'submitted', pull_request: { number: 3, head: { ref: 'x' } } },
    fact: { numbers: [3], branch: 'x' },
  },
  {
    what: 'a thread that is resolved',
    event: 'pull_request_review_thread',
    payload: { action: 'resolved', pull_request: { number: 3, head: { ref: 'x' } } },
    fact: { numbers: [3] },
  },
  {
    what: 'a check that is done',
    event: 'check_run',
    payload: { action: 'completed', check_run: { head_sha: 'abc', pull_requests: [{ number: 3 }] } },
    fact: { numbers: [3], headSha: 'abc' },
  },
  {
    what: 'a check of a fork names no pull requests',
    event: 'check_suite',
    payload: { action: 'completed', check_suite: { head_sha: 'abc', pull_requests: null } },
    fact: { numbers: [], headSha: 'abc' },
  },
  {
    what: 'a check that begins',
    event: 'check_run',
    payload: { action: 'created', check_run: { head_sha: 'abc', pull_requests: [] } },
    fact: undefined,
  },
  {
    what: 'a commit status',
    event: 'status',
    payload: { sha: 'abc' },
    fact: { numbers: [], headSha: 'abc' },
  },
  {
    what: 'a push',
    event: 'push',
    payload: { ref: 'refs/heads/convoy/a/head' },
    fact: { numbers: [], branch: 'convoy/a/head' },
  },
  { what: 'a tag', event: 'push', payload: { ref: 'refs/tags/v1' }, fact: undefined },
  { what: 'a ping', event: 'ping', payload: { zen: 'Keep it simple.' }, fact: undefined },
  { what: 'an event of tomorrow', event: 'dance', payload: { pull_request: 'what?' }, fact: undefined },
  { what: 'one without its parts', event: 'pull_request', payload: { action: 'opened' }, fact: undefined },
  {
    what: 'one that is not of its shape',
    event: 'pull_request',
    payload: { pull_request: { number: '3; DROP', head: {} } },
    fact: undefined,
  },
])('$what', async ({ event, payload, fact }) => {
  const body = JSON.stringify({ ...at(), ...payload });
  expect(await send({ event, body })).toEqual({ status: 202, text: '{}' });
  expect(await heard()).toMatchObject(fact === undefined ? [] : [fact]);
});

const good = JSON.stringify({ ...JSON.parse(opened()), ...at() });
test.each<{ what: string; sent: Sent; status: number }>([
  {
    what: 'the secret before the present one still counts',
    sent: { signature: sign(good, SECRETS[1]) },
    status: 202,
  },
  { what: 'without a signature', sent: { signature: undefined }, status: 401 },
  { what: 'signed with another secret', sent: { signature: sign(good, 'guessed') }, status: 401 },
  { what: 'signed with an empty secret', sent: { signature: sign(good, '') }, status: 401 },
  { what: 'a signature that is cut off', sent: { signature: sign(good).slice(0, -1) }, status: 401 },
  {
    what: 'a signature of another kind',
    sent: { signature: sign(good).replace('sha256', 'sha1') },
    status: 401,
  },
  { what: 'not a signature', sent: { signature: 'sha256=' }, status: 401 },
  {
    what: 'the same data in other bytes',
    sent: { body: JSON.stringify(JSON.parse(good), undefined, 1), signature: sign(good) },
    status: 401,
  },
  { what: 'no JSON, unsigned: it is not parsed', sent: { body: '{', signature: 'sha256=0' }, status: 401 },
  { what: 'no JSON, signed', sent: { body: '{' }, status: 202 },
  { what: 'no text', sent: { body: Buffer.from([0xff, 0xfe, 0x00]), signature: sign('x') }, status: 401 },
  { what: 'nothing', sent: { body: '' }, status: 401 },
  { what: 'no delivery', sent: { delivery: '' }, status: 401 },
  { what: 'a delivery that is no id', sent: { delivery: '../../x' }, status: 401 },
  { what: 'more than 1 MiB', sent: { body: `${good}${' '.repeat(1024 * 1024)}` }, status: 413 },
])('$what: $status', async ({ sent, status }) => {
  const answer = await send({ body: good, ...sent });
  expect(answer.status).toBe(status);
  expect(status !== 401 || answer.text.includes('"detail":"Not authorized."')).toBe(true);
  const counts = status === 202 && sent.body !== '{';
  expect((await heard()).length).toBe(counts ? 1 : 0);
});

test('a delivery that comes again, days later too, counts once', async () => {
  expect(await send({ body: good, delivery: 'again' })).toMatchObject({ status: 202 });
  expect(await heard()).toHaveLength(1);
  fixture.clock.offsetMs += 3 * 24 * 3600 * 1000;
  expect(await send({ body: good, delivery: 'again' })).toMatchObject({ status: 202 });
  expect(await heard()).toEqual([]);
  fixture.clock.offsetMs = 0;
});

test('one that could not be passed on counts when it comes again', async () => {
  const table = { client: fixture.document, tableName: fixture.tableName };
  let isBroken = true;
  const sent: object[] = [];
  const telemetry = { log: () => {}, count: () => {} };
  const routes = webhookRoutes({
    integrations: createIntegrationStore(table),
    repositories: createRepositoryRows(table),
    deliveries: createDeliveries(table, fixture.now),
    secrets: { read: () => Promise.resolve(SECRETS) },
    store: fixture.store,
    towns: {
      send(one) {
        if (isBroken) return Promise.reject(new Unavailable('The queue is throttled.'));
        sent.push(one);
        return Promise.resolve();
      },
    },
    telemetry,
    githubHost: 'github.com',
    now: fixture.now,
  });
  const handler = createHttpHandler(routes, telemetry);
  const deliver = () =>
    handler({
      routeKey: 'POST /v1/webhooks/github',
      headers: {
        'x-hub-signature-256': sign(good),
        'x-github-delivery': 'half-way',
        'x-github-event': 'pull_request',
      },
      body: good,
      isBase64Encoded: false,
      requestContext: { requestId: 'r', http: { method: 'POST', path: '/', sourceIp: '', userAgent: '' } },
    } as unknown as HttpEvent);
  expect(await deliver()).toMatchObject({ statusCode: 503 });
  isBroken = false;
  expect(await deliver()).toMatchObject({ statusCode: 202 });
  expect(await deliver()).toMatchObject({ statusCode: 202 });
  expect(sent).toHaveLength(1);
});

test.each<[string, Integration['state'], number]>([
  ['suspend', 'suspended', 0],
  ['unsuspend', 'active', 1],
  ['new_permissions_accepted', 'active', 1],
  ['deleted', 'deleted', 0],
])('GitHub says of an installation: %s', async (action, state, facts) => {
  await send({ event: 'installation', body: JSON.stringify({ action, installation: { id: 1 } }) });
  const store = createIntegrationStore({ client: fixture.document, tableName: fixture.tableName });
  expect(await store.integration('github-1')).toMatchObject({ state });
  await send({ body: good });
  expect(await heard()).toHaveLength(facts);
  if (action === 'deleted') await setState('active');
});

test('an installation that nobody has claimed is none after its events either', async () => {
  await send({
    event: 'installation',
    body: JSON.stringify({ action: 'created', installation: { id: 99 } }),
  });
  const store = createIntegrationStore({ client: fixture.document, tableName: fixture.tableName });
  expect(await store.integration('github-99')).toBeUndefined();
});

test('of a town that is deleted nothing is left that hears', async () => {
  const gone = await townAt('owner', 'https://github.com/acme/gone.git');
  const rows = async () =>
    (await fixture.items()).filter(({ pk }) => pk === 'REPOSITORY#github.com/acme/gone');
  expect(await rows()).toHaveLength(1);
  await fixture.call('DELETE', gone.path, { token: gone.token });
  for (let step = 0; step < 5 && (await rows()).length > 0; step += 1) {
    await fixture.reconcile(gone.townId);
    const [row] = (await fixture.store.live(gone.townId))?.outbox.values() ?? [];
    if (row !== undefined)
      await fixture.worker({
        Records: [
          {
            messageId: 'm',
            body: JSON.stringify({ type: 'effect', v: 1, townId: gone.townId, key: row.key, attempt: 1 }),
          },
        ],
      } as never);
  }
  expect(await rows()).toEqual([]);
});
