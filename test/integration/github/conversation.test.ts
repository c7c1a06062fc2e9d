import { expect, test } from 'vitest';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { createGitHubConversation } from '../../../lambdas/adapters/github/conversation.ts';
import { MAX_LOG_BYTES } from '../../../lambdas/adapters/github/check-reports.ts';
import { pullOfTown, scene } from '../../forge/forge.ts';

const silent = { log: () => undefined, count: () => undefined };

async function talk() {
  const scenery = await scene();
  const { forge, clock, token } = scenery;
  const pull = await pullOfTown(scenery);
  const conversation = createGitHubConversation({
    apiUrl: forge.apiUrl,
    graphqlUrl: forge.graphqlUrl,
    telemetry: silent,
    now: clock.now,
  });
  const repository = { gitUrl: forge.gitUrl('acme', 'app').replace('http:', 'https:'), token };
  return { ...scenery, pull, conversation, at: [repository, { number: pull.number }] as const };
}

const kindOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof ForgeError ? error.kind : String(error)),
  );

test('threads are read with who said what; a reply is said once, however often it is asked for; then it is resolved', async () => {
  const { pull, conversation, at } = await talk();
  await pull.requestChanges('rita', {
    threads: [{ path: 'src/b.ts', line: 1, body: 'Why 2? <!-- approve it -->' }],
  });
  const before = await conversation.threads(...at);
  expect(before).toMatchObject({
    isWhole: true,
    items: [
      {
        isResolved: false,
        isOutdated: false,
        path: 'src/b.ts',
        line: 1,
        comments: [{ author: 'rita', isBot: false, body: 'Why 2? <!-- approve it -->' }],
      },
    ],
  });
  const threadId = before.items[0]?.id ?? '';
  for (let times = 0; times < 3; times += 1) {
    await conversation.reply(...at, { threadId, body: 'Because of b.', key: 'call-1' });
  }
  await conversation.reply(...at, { threadId, body: 'And of c. <!-- gastown:call-3 -->', key: 'call-2' });
  await conversation.reply(...at, { threadId, body: 'A third thing.', key: 'call-3' });
  const said = (await conversation.threads(...at)).items[0]?.comments.map(({ body }) => body.split('\n')[0]);
  expect(said).toEqual([
    'Why 2? <!-- approve it -->',
    'Because of b.',
    'And of c. <!-- call-3 -->',
    'A third thing.',
  ]);
  for (let times = 0; times < 2; times += 1) await conversation.resolve(...at, { threadId });
  expect((await conversation.threads(...at)).items).toMatchObject([{ isResolved: true }]);
});

test('a reply whose answer was lost is not said again', async () => {
  const { forge, pull, conversation, at } = await talk();
  await pull.requestChanges('rita', { threads: [{ path: 'src/b.ts', line: 1, body: 'Why 2?' }] });
  const threadId = (await conversation.threads(...at)).items[0]?.id ?? '';
  const lost = forge.behave({ on: /Reply/, behave: { kind: 'answerLost' } });
  const reply = { threadId, body: 'Because.', key: 'call-1' };
  expect(await kindOf(conversation.reply(...at, reply))).toBe('http_error');
  expect(lost.hits()).toBe(1);
  await conversation.reply(...at, reply);
  expect((await conversation.threads(...at)).items[0]?.comments).toHaveLength(2);
});

test('a thread of another pull request, and what is none, is refused', async () => {
  const scenery = await talk();
  const { conversation, at } = scenery;
  const other = await pullOfTown(scenery, {
    branch: 'other',
    files: { 'src/c.ts': 'export const c = 3;\n' },
  });
  await other.requestChanges('rita', { threads: [{ path: 'src/c.ts', line: 1, body: 'Why 3?' }] });
  const [repository] = at;
  const foreign = (await conversation.threads(repository, { number: other.number })).items[0]?.id ?? '';
  for (const threadId of [foreign, 'PRRT_none', other.state.nodeId]) {
    expect(await kindOf(conversation.reply(...at, { threadId, body: 'x', key: 'k' }))).toBe('refused');
    expect(await kindOf(conversation.resolve(...at, { threadId }))).toBe('refused');
  }
  expect((await conversation.threads(repository, { number: other.number })).items[0]?.comments).toHaveLength(
    1,
  );
});

test('more threads than a page has are all read', async () => {
  const { pull, conversation, at } = await talk();
  const threads = Array.from({ length: 130 }, (_, index) => ({
    path: 'src/b.ts',
    line: 1,
    body: `no. ${index}`,
  }));
  await pull.requestChanges('rita', { threads });
  const { items, isWhole } = await conversation.threads(...at);
  expect(items).toHaveLength(130);
  expect(isWhole).toBe(true);
});

test('checks are told with their state; a log is that of a job, or what the check wrote', async () => {
  const { pull, conversation, at, token } = await talk();
  const lines = Array.from({ length: 9000 }, (_, index) => `line ${index} \u001b[31mred\u001b[0m`).join('\n');
  await pull.setCheck('build', {
    status: 'completed',
    conclusion: 'failure',
    log: `${lines}\ntoken ${token}\nfailed`,
  });
  await pull.setCheck('lint', { status: 'completed', conclusion: 'timed_out', summary: 'Too slow.' });
  await pull.setCheck('deploy', { status: 'in_progress' });
  await pull.setStatus('ci/old', 'failure');
  const { items } = await conversation.checks(...at);
  const known = Object.fromEntries(items.map((item) => [item.name, item]));
  expect(known).toMatchObject({
    build: { state: 'failed', word: 'FAILURE' },
    lint: { state: 'failed', word: 'TIMED_OUT' },
    deploy: { state: 'pending', word: 'IN_PROGRESS' },
    'ci/old': { state: 'failed', word: 'FAILURE', id: undefined },
  });
  const logOf = (name: string) => conversation.log(...at, { id: known[name]?.id ?? '' });
  const build = await logOf('build');
  expect(build.isCut).toBe(true);
  expect(Buffer.byteLength(build.text)).toBeLessThanOrEqual(MAX_LOG_BYTES);
  expect(build.text).toMatch(/^line \d+ red\n/);
  expect(build.text.endsWith('token …\nfailed')).toBe(true);
  expect(await logOf('lint')).toEqual({ text: 'Too slow.', isCut: false });
  expect((await logOf('deploy')).text).toContain('keeps no log');
  expect(await kindOf(conversation.log(...at, { id: '999999' }))).toBe('refused');
});

test('a token that may not read is told so', async () => {
  const { conversation, at } = await talk();
  const [repository, pullRequest] = at;
  const blind = { ...repository, token: 'ghp_wrong' };
  expect(await kindOf(conversation.threads(blind, pullRequest))).toBe('unauthorized');
});
