import { expect, test } from 'vitest';
import { answers } from '../../local/forge/behaviours/answers.ts';
import { cloneOf } from './clone.ts';
import { TOWN, forgeForTest, pullOfTown, query, rest, scene } from './forge.ts';

const MERGE = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge';
const merge = 'PUT /repos/acme/app/pulls/1/merge';

test('an answer that is lost after the work was done: the merge is there', async () => {
  const scenery = await scene();
  const { forge, repository, token } = scenery;
  const pull = await pullOfTown(scenery);
  const behaviour = forge.behave({ on: MERGE, behave: { kind: 'answerLost' } });
  expect(await rest(forge, token, merge, { sha: pull.state.headSha })).toMatchObject({ status: 0 });
  expect(behaviour.hits()).toBe(1);
  const read = await rest(forge, token, 'GET /repos/acme/app/pulls/1');
  expect(read.data).toMatchObject({ merged: true, merge_commit_sha: repository.head('main') });
  expect(await rest(forge, token, merge)).toMatchObject({ status: 405 });
  expect(forge.calls.count(MERGE)).toBe(2);
  expect(forge.calls.log().map(({ status }) => status)).toEqual([0, 200, 405]);
});

test('a request that is lost before the work: nothing is done', async () => {
  const scenery = await scene();
  await pullOfTown(scenery);
  scenery.forge.behave({ on: MERGE, behave: { kind: 'requestLost' } });
  expect(await rest(scenery.forge, scenery.token, merge)).toMatchObject({ status: 0 });
  expect(scenery.repository.pull(1).state.state).toBe('open');
  expect(await rest(scenery.forge, scenery.token, merge)).toMatchObject({ status: 200 });
});

test.each([
  ['badCredentials', answers.badCredentials(), 401, {}],
  ['forbidden', answers.forbidden(), 403, { 'x-ratelimit-remaining': '4999' }],
  [
    'secondaryRateLimit',
    answers.secondaryRateLimit(60),
    403,
    { 'retry-after': '60', 'x-ratelimit-remaining': '4999' },
  ],
  ['rateLimit', answers.rateLimit(5000), 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '5' }],
  ['tooManyRequests', answers.tooManyRequests(7), 429, { 'retry-after': '7' }],
  ['notFound', answers.notFound(), 404, {}],
  ['notMergeable', answers.notMergeable(), 405, {}],
  ['headModified', answers.headModified(), 409, {}],
  ['gone', answers.gone(), 410, {}],
  ['validationFailed', answers.validationFailed(), 422, {}],
  ['unavailableForLegalReasons', answers.unavailableForLegalReasons(), 451, {}],
  ['serverError', answers.serverError(502), 502, { 'content-type': 'text/html' }],
])('%s, on the second call only', async (_, behave, status, headers) => {
  const { forge } = await forgeForTest();
  const token = forge.token(TOWN);
  forge.behave({ on: 'GET /user', behave, skip: 1 });
  const read = () => rest(forge, token, 'GET /user');
  expect(await read()).toMatchObject({ status: 200 });
  expect(await read()).toMatchObject({ status, headers });
  expect(await read()).toMatchObject({ status: 200 });
});

test('a refusal that is switched on does nothing', async () => {
  const scenery = await scene();
  await pullOfTown(scenery);
  scenery.forge.behave({ on: MERGE, behave: answers.serverError() });
  expect(await rest(scenery.forge, scenery.token, merge)).toMatchObject({ status: 502 });
  expect(scenery.repository.pull(1).state.state).toBe('open');
});

test('it lasts until it is stopped, on every operation that a pattern names', async () => {
  const { forge, token } = await scene();
  const behave = answers.serverError(503);
  const down = forge.behave({ on: /^(GET|query) /, behave, times: Number.POSITIVE_INFINITY });
  for (let calls = 0; calls < 3; calls += 1)
    expect(await rest(forge, token, 'GET /user')).toMatchObject({ status: 503 });
  down.stop();
  expect(await rest(forge, token, 'GET /user')).toMatchObject({ status: 200 });
  expect(forge.calls.all()).toEqual({ 'GET /user': 4 });
});

const CHECKS = `{ repository(owner: "acme", name: "app") { pullRequest(number: 1) {
  number mergeable statusCheckRollup { state } reviewThreads(first: 5) { nodes { isResolved } } } } }`;

test('a partial answer, nulls, and words that nobody knows', async () => {
  const scenery = await scene();
  const { forge, token } = scenery;
  const pull = await pullOfTown(scenery);
  await pull.setCheck('ci', { status: 'completed' });
  await pull.openThread('rita', { path: 'src/b.ts', body: 'Why?' });
  const base = ['data', 'repository', 'pullRequest'];
  const on = 'query repository';
  forge.behave({
    on,
    behave: {
      kind: 'rewrite',
      path: [...base, 'statusCheckRollup'],
      value: null,
      error: { type: 'SERVICE_UNAVAILABLE', message: 'Something went wrong.' },
    },
  });
  forge.behave({
    on,
    skip: 1,
    behave: { kind: 'rewrite', path: [...base, 'reviewThreads', 'nodes', '*'], value: null },
  });
  forge.behave({ on, skip: 2, behave: { kind: 'rewrite', path: [...base, 'mergeable'], value: 'PERHAPS' } });
  const asked = async (): Promise<unknown> => query(forge, token, CHECKS);
  const whole = {
    number: 1,
    mergeable: 'MERGEABLE',
    statusCheckRollup: { state: 'SUCCESS' },
    reviewThreads: { nodes: [{ isResolved: false }] },
  };
  const path = ['repository', 'pullRequest', 'statusCheckRollup'];
  expect(await asked()).toEqual({
    data: { repository: { pullRequest: { ...whole, statusCheckRollup: null } } },
    errors: [{ type: 'SERVICE_UNAVAILABLE', message: 'Something went wrong.', path }],
  });
  const pullOf = (pullRequest: object) => ({ data: { repository: { pullRequest } }, errors: [] });
  expect(await asked()).toEqual(pullOf({ ...whole, reviewThreads: { nodes: [null] } }));
  expect(await asked()).toEqual(pullOf({ ...whole, mergeable: 'PERHAPS' }));
  expect(await asked()).toEqual(pullOf(whole));
});

test('GraphQL says with 200 that it is limited', async () => {
  const { forge, token } = await scene();
  forge.behave({ on: 'query viewer', behave: answers.graphqlRateLimit() });
  const ask = () => query(forge, token, '{ viewer { login } }');
  expect((await ask()).errors).toMatchObject([{ type: 'RATE_LIMITED' }]);
  forge.rateLimits.leave('gastown[bot]', 'graphql', 0);
  expect((await ask()).errors).toMatchObject([{ type: 'RATE_LIMITED' }]);
});

test('a slow answer comes late; other calls do not wait for it', async () => {
  const { forge, token } = await scene();
  forge.behave({ on: 'GET /user', behave: { kind: 'slow', ms: 400 } });
  const order: string[] = [];
  const slow = rest(forge, token, 'GET /user').then(() => order.push('slow'));
  await rest(forge, token, 'GET /rate_limit').then(() => order.push('other'));
  await slow;
  expect(order).toEqual(['other', 'slow']);
});

test('what was slow when the forge closed is not done', async () => {
  const { forge } = await forgeForTest();
  forge.behave({ on: 'GET /rate_limit', behave: { kind: 'slow', ms: 25_000 } });
  const slow = rest(forge, undefined, 'GET /rate_limit');
  await rest(forge, undefined, 'GET /user');
  await forge.close();
  expect(await slow).toMatchObject({ status: 0 });
});

test('git fails too: a push whose answer is lost has arrived', async () => {
  const { forge, repository, token } = await scene();
  const clone = await cloneOf(forge.gitUrl('acme', 'app'), token);
  const sha = await clone.commit({ 'x.txt': 'x' });
  forge.behave({ on: 'git receive-pack', behave: { kind: 'answerLost' } });
  const lost = await clone.run('push', '-q', 'origin', 'HEAD:refs/heads/work');
  expect(lost.code).not.toBe(0);
  expect(repository.head('work')).toBe(sha);
  forge.behave({ on: 'git info/refs', behave: answers.serverError(500) });
  expect((await clone.run('fetch', '-q')).errors).toContain('500');
  expect(await clone.run('fetch', '-q')).toMatchObject({ code: 0 });
});

test('the log of calls is bounded, the counts are not', async () => {
  const { forge, token } = await scene();
  for (let calls = 0; calls < 505; calls += 1) await rest(forge, token, 'GET /rate_limit');
  expect(forge.calls.count('GET /rate_limit')).toBe(505);
  expect(forge.calls.count()).toBe(505);
  expect(forge.calls.log()).toHaveLength(500);
  forge.calls.reset();
  expect(forge.calls.all()).toEqual({});
});
