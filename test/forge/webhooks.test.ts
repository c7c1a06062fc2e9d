import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import type { DeliveryBehaviour } from '../../local/forge/webhooks/webhooks.ts';
import { pullOfTown, rest, scene } from './forge.ts';
import { hookReceiver, type Received } from './hook-receiver.ts';

const SECRET = 'hush';
const isSigned = ({ body, signature }: Received): boolean =>
  signature === `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;

async function hooked() {
  const hook = await hookReceiver();
  const scenery = await scene({ webhook: { url: hook.url, secret: SECRET } });
  return { hook, scenery };
}

test('everything that happens to a pull request is told, signed, in its order', async () => {
  const { hook, scenery } = await hooked();
  const { repository, forge } = scenery;
  await repository.protect('main', { requiredApprovals: 1, dismissesStaleApprovals: true });
  const pull = await pullOfTown(scenery, { isDraft: true });
  await pull.markReady('rita');
  await pull.approve('rita');
  await pull.push('gastown[bot]', { 'later.txt': 'later' });
  const thread = await pull.openThread('rita', { path: 'later.txt', body: 'Why?' });
  await pull.resolveThread('rita', thread);
  await pull.setCheck('ci', { status: 'queued' });
  await pull.setCheck('ci', { status: 'completed', conclusion: 'failure' });
  await pull.setStatus('lint', 'success');
  await repository.commit('next', { files: { 'n.txt': 'n' } });
  await pull.retarget('rita', 'next');
  await pull.retarget('rita', 'main');
  await pull.markDraft('rita');
  await pull.close('rita');
  await pull.reopen('rita');
  await pull.markReady('rita');
  await pull.approve('max');
  await pull.merge('max', 'squash');
  forge.setInstallation(repository, 'deleted');
  await forge.settled();

  expect(hook.names()).toEqual([
    'push',
    'pull_request opened',
    'pull_request ready_for_review',
    'pull_request_review submitted',
    'push',
    'pull_request_review dismissed',
    'pull_request synchronize',
    'pull_request_review_thread resolved',
    'check_run created',
    'check_run completed',
    'check_suite completed',
    'status',
    'push',
    'pull_request edited',
    'pull_request edited',
    'pull_request converted_to_draft',
    'pull_request closed',
    'pull_request reopened',
    'pull_request ready_for_review',
    'pull_request_review submitted',
    'pull_request closed',
    'push',
    'installation deleted',
  ]);
  expect(hook.received.every(isSigned)).toBe(true);
  expect(new Set(hook.received.map(({ delivery }) => delivery)).size).toBe(hook.received.length);
  const [, opened, , , , , synchronize] = hook.received;
  expect(opened?.payload).toMatchObject({
    number: 1,
    pull_request: { draft: true, head: { ref: 'work' }, base: { ref: 'main' } },
    repository: { full_name: 'acme/app' },
    sender: { login: 'gastown[bot]' },
    installation: { id: 1 },
  });
  expect(synchronize?.payload).toMatchObject({ after: pull.state.headSha });
  const closed = hook.received.findLast(({ event }) => event === 'pull_request');
  expect(closed?.payload).toMatchObject({
    pull_request: { merged: true, merge_commit_sha: repository.head('main') },
  });
});

test.each([
  ['lost', { kind: 'lost' }, ['push', 'pull_request edited']],
  [
    'doubled',
    { kind: 'doubled' },
    ['push', 'pull_request opened', 'pull_request opened', 'pull_request edited'],
  ],
  ['late', { kind: 'late', ms: 60_000 }, ['push', 'pull_request edited', 'pull_request opened']],
  ['reordered', { kind: 'reordered' }, ['push', 'pull_request edited', 'pull_request opened']],
  ['forged', { kind: 'forged' }, ['push', 'pull_request opened', 'pull_request edited']],
] satisfies [string, DeliveryBehaviour, string[]][])(
  'a delivery that is %s',
  async (name, behave, expected) => {
    const { hook, scenery } = await hooked();
    const { forge, clock } = scenery;
    forge.webhooks.behave({ event: 'pull_request', behave });
    await pullOfTown(scenery);
    await rest(forge, scenery.token, 'PATCH /repos/acme/app/pulls/1', { title: 'Other' });
    await forge.settled();
    clock.advance(60_000);
    await forge.settled();
    expect(hook.names()).toEqual(expected);
    const opened = hook.received.filter(({ payload }) => payload['action'] === 'opened');
    expect(opened.every(isSigned)).toBe(name !== 'forged');
    expect(new Set(opened.map(({ delivery }) => delivery)).size).toBe(name === 'lost' ? 0 : 1);
  },
);

test('what failed is listed, and delivered again under the same name', async () => {
  const { hook, scenery } = await hooked();
  const { forge, clock } = scenery;
  hook.answerWith(500);
  forge.webhooks.behave({ event: 'push', behave: { kind: 'lost' } });
  await pullOfTown(scenery);
  await forge.settled();
  hook.answerWith(202);

  const now = Math.floor(clock.now() / 1000);
  const jwt = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('1')
    .setIssuedAt(now)
    .setExpirationTime(now + 600)
    .sign(new TextEncoder().encode('x'));
  interface Listed {
    id: number;
    guid: string;
    event: string;
    status_code: number;
    redelivery: boolean;
  }
  const list = async (parameters: Record<string, unknown>): Promise<Listed[]> =>
    (await rest(forge, jwt, 'GET /app/hook/deliveries', parameters)).data as unknown as Listed[];

  const failed = await list({ status: 'failure' });
  expect(failed).toMatchObject([
    { event: 'pull_request', status_code: 500, redelivery: false },
    { event: 'push', status_code: 0 },
  ]);
  expect(await list({ per_page: 1, cursor: failed[0]?.id })).toMatchObject([{ event: 'push' }]);
  for (const { id } of failed) {
    const again = await rest(forge, jwt, `POST /app/hook/deliveries/${id}/attempts`);
    expect(again).toMatchObject({ status: 202 });
  }
  await forge.settled();
  expect(hook.names()).toEqual(['pull_request opened', 'pull_request opened', 'push']);
  expect(hook.received.every(isSigned)).toBe(true);
  expect(hook.received[0]?.delivery).toBe(hook.received[1]?.delivery);
  expect(
    (await list({}))
      .filter(({ redelivery }) => redelivery)
      .map(({ guid }) => guid)
      .toReversed(),
  ).toEqual(failed.map(({ guid }) => guid));
  expect(await rest(forge, scenery.token, 'GET /app/hook/deliveries')).toMatchObject({ status: 401 });
  expect(await rest(forge, jwt, 'POST /app/hook/deliveries/999/attempts')).toMatchObject({ status: 404 });
});

test('somebody without the secret sends what never happened', async () => {
  const { hook, scenery } = await hooked();
  scenery.forge.webhooks.forge('pull_request', { action: 'closed', number: 1 });
  await scenery.forge.settled();
  expect(hook.names()).toEqual(['pull_request closed']);
  expect(hook.received.some(isSigned)).toBe(false);
});

test('an app that is suspended or removed gets no further', async () => {
  const { hook, scenery } = await hooked();
  const { forge, repository, token } = scenery;
  const ask = () => rest(forge, token, 'GET /repos/acme/app');
  forge.setInstallation(repository, 'suspend');
  expect(await ask()).toMatchObject({
    status: 403,
    data: { message: 'This installation has been suspended' },
  });
  forge.setInstallation(repository, 'unsuspend');
  expect(await ask()).toMatchObject({ status: 200 });
  forge.setInstallation(repository, 'deleted');
  expect(await ask()).toMatchObject({ status: 401 });
  await forge.settled();
  expect(hook.names()).toEqual(['installation suspend', 'installation unsuspend', 'installation deleted']);
});
