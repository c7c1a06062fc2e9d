import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mayorTools } from '../../../core/protocol/mayor-api.ts';
import { writeTokenFile } from '../../../task-image/agents/token-file.ts';
import { createPrimeContext } from '../../../task-image/plugin/prime-context.ts';
import { createTownClient } from '../../../task-image/plugin/town-client.ts';
import type { TownClient } from '../../../task-image/plugin/town-client.ts';
import { toolsForRole } from '../../../task-image/plugin/tools/for-role.ts';
import { startTownStub } from './fixture.ts';
import type { TownAnswer, TownStub } from './fixture.ts';

let folder: string;
let stub: TownStub;
let client: TownClient;
let answers: TownAnswer[];
const validTokens = new Set<string>();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gastown-plugin-'));
  answers = [];
  validTokens.clear();
  validTokens.add('good');
  stub = await startTownStub({ validTokens, answer: () => answers.shift() });
  const tokenFile = join(folder, 'token');
  await writeTokenFile(tokenFile, 'good');
  client = createTownClient({ apiUrl: `${stub.url}/`, tokenFile, timeoutMs: 500, backoffMs: 10 });
});

afterEach(async () => {
  await stub.close();
  rmSync(folder, { recursive: true });
});

const DONE = { method: 'POST', path: '/v1/agent/done', body: { branch: 'gt/nux' } } as const;
const FAILURE = { status: 503, body: { title: 'Unavailable' } };

test('a call that failed is made again under the same idempotency key, the next call under another', async () => {
  answers = [FAILURE, { status: 429, body: {}, headers: { 'retry-after': '0' } }];
  await expect(client(DONE)).resolves.toMatchObject({ message: 'The town verifies it.' });
  await client(DONE);
  const keys = stub.calls.map(({ idempotencyKey }) => idempotencyKey);
  expect(keys).toHaveLength(4);
  expect(new Set(keys.slice(0, 3)).size).toBe(1);
  expect(new Set(keys).size).toBe(2);
});

test('a token that was renewed between two calls is read from the file', async () => {
  validTokens.clear();
  validTokens.add('new');
  await expect(client(DONE)).rejects.toThrow('no longer allowed');
  // Once with the token as it was, once more in case it has just been renewed.
  expect(stub.unauthorized).toEqual(['good', 'good']);
  await writeTokenFile(join(folder, 'token'), 'new');
  await expect(client(DONE)).resolves.toBeDefined();
});

describe('what the agent is told when a call does not succeed', () => {
  test.for([
    {
      name: 'a problem document',
      given: [{ status: 409, body: { title: 'Conflict', detail: 'Attempt 2 has begun.', code: 'conflict' } }],
      said: 'Refused (409 conflict): Conflict: Attempt 2 has begun. ',
      calls: 1,
    },
    {
      name: 'no explanation',
      given: [{ status: 400, body: 'x' }],
      said: 'Refused (400): no explanation',
      calls: 1,
    },
    { name: 'three failures', given: [FAILURE, FAILURE, FAILURE], said: 'again in a minute', calls: 3 },
  ])('$name', async ({ given, said, calls }) => {
    answers = [...given];
    await expect(client(DONE)).rejects.toThrow(said);
    expect(stub.calls).toHaveLength(calls);
  });

  test('nobody answers', async () => {
    await stub.close();
    await expect(client(DONE)).rejects.toThrow(/^The town could not be reached/);
  });
});

test('the prime context is fetched once a session and again after a compaction; a failure becomes a note', async () => {
  const prime = createPrimeContext(client);
  const [first, second] = [await prime.forSession('one'), await prime.forSession('one')];
  expect(first).toContain('Primed title');
  expect(second).toBe(first);
  expect(stub.calls).toHaveLength(1);

  answers = [FAILURE, FAILURE, FAILURE];
  prime.forget('one');
  expect(await prime.forSession('one')).toMatch(/^Your state in the town could not be fetched/);
  prime.forget('one');
  expect(await prime.forSession('one')).toBe(first);
});

const OF_RIG = ['gt_escalate', 'gt_mail_send', 'gt_mail_check', 'gt_status', 'gt_nudge'] as const;

const OF_PULL_REQUEST = ['gt_pr_threads', 'gt_pr_checks', 'gt_pr_logs'] as const;

test.for([
  {
    role: 'polecat',
    tools: [
      'gt_prime',
      'gt_bead_status',
      'gt_done',
      'gt_checkpoint',
      'gt_mol_current',
      'gt_mol_advance',
      ...OF_PULL_REQUEST,
      'gt_pr_reply',
      'gt_pr_resolve',
      ...OF_RIG,
    ],
  },
  { role: 'refinery', tools: ['gt_prime', 'gt_bead_status', 'gt_verdict', ...OF_PULL_REQUEST, ...OF_RIG] },
  { role: 'triage', tools: ['gt_prime', 'gt_bead_status', 'gt_triage_resolve', ...OF_RIG] },
  { role: 'mayor', tools: ['gt_prime', 'gt_bead_status', ...Object.keys(mayorTools)] },
] as const)('the tools of a $role', ({ role, tools }) => {
  expect(Object.keys(toolsForRole(role, client))).toEqual(tools);
});

test.for([
  {
    tool: 'gt_bead_status',
    args: { bead_id: 'a/b' },
    call: 'GET /v1/agent/beads/a%2Fb undefined',
    said: 'GASTOWN-UNTRUSTED',
  },
  { tool: 'gt_prime', args: {}, call: 'GET /v1/agent/prime undefined', said: 'Primed title' },
  {
    tool: 'gt_done',
    args: { branch: 'b' },
    call: 'POST /v1/agent/done {"branch":"b"}',
    said: 'Accepted. The town',
  },
  {
    tool: 'gt_checkpoint',
    args: { data: '{"next":"tests"}' },
    call: 'POST /v1/agent/checkpoint {"data":"{\\"next\\":\\"tests\\"}"}',
    said: 'The town',
  },
  {
    tool: 'gt_mol_current',
    args: {},
    call: 'GET /v1/agent/molecule undefined',
    said: 'GASTOWN-UNTRUSTED',
  },
  {
    tool: 'gt_mol_advance',
    args: { step: 1, summary: 'Looked.' },
    call: 'POST /v1/agent/molecule {"step":1,"summary":"Looked."}',
    said: 'The town',
  },
  {
    tool: 'gt_status',
    args: { message: 'Writing tests.' },
    call: 'POST /v1/agent/status {"message":"Writing tests."}',
    said: 'The town',
  },
  {
    tool: 'gt_mail_send',
    args: { to_agent_id: 'Toast', subject: 'Parser', body: 'It changes.' },
    call: 'POST /v1/agent/mail {"to":"Toast","subject":"Parser","body":"It changes."}',
    said: 'The town',
  },
  {
    tool: 'gt_nudge',
    args: {
      target_agent_id: 'Toast',
      message: 'Rebase.',
      mode: 'immediate',
      priority: 'urgent',
      ttl_seconds: 60,
    },
    call: 'POST /v1/agent/nudge {"to":"Toast","message":"Rebase.","mode":"immediate","priority":"urgent","ttlSeconds":60}',
    said: 'The town',
  },
  {
    tool: 'gt_nudge',
    args: { target_agent_id: 'Toast', message: 'Rebase.' },
    call: 'POST /v1/agent/nudge {"to":"Toast","message":"Rebase."}',
    said: 'The town',
  },
  {
    tool: 'gt_triage_resolve',
    role: 'triage',
    args: { action: 'restart', reason: 'Its server hangs.' },
    call: 'POST /v1/agent/triage/resolve {"action":"restart","reason":"Its server hangs."}',
    said: 'Accepted. The town',
  },
] as const)('$tool calls the town', async (row) => {
  const { tool, args, call, said } = row;
  const role = 'role' in row ? row.role : 'polecat';
  const context = { sessionID: 'session', abort: new AbortController().signal };
  expect(await toolsForRole(role, client)[tool]?.execute(args, context)).toContain(said);
  expect(stub.calls.map(({ method, path, body }) => `${method} ${path} ${JSON.stringify(body)}`)).toEqual([
    call,
  ]);
});

test('a verdict that asks for changes without saying which is refused before the town is asked', async () => {
  const context = { sessionID: 'session', abort: new AbortController().signal };
  const verdict = toolsForRole('refinery', client)['gt_verdict'];
  await expect(verdict?.execute({ verdict: 'request_changes' }, context)).rejects.toThrow('needs feedback');
  expect(stub.calls).toEqual([]);
});

describe('gt_mail_check', () => {
  const check = () =>
    toolsForRole('polecat', client)['gt_mail_check']?.execute(
      {},
      { sessionID: 'session', abort: new AbortController().signal },
    );
  const calls = () => stub.calls.map(({ method, path, body }) => `${method} ${path} ${JSON.stringify(body)}`);
  const items = [
    { id: '1', at: '2026-01-05T09:30:00.000Z', text: 'the parser changes' },
    { id: '2', at: '2026-01-05T09:31:00.000Z', text: 'rebase' },
  ];

  test('shows what was written, and says that it is read', async () => {
    answers = [{ status: 200, body: { items } }];
    expect(await check()).toBe(
      'Written at 2026-01-05T09:30:00.000Z:\nthe parser changes\n\nWritten at 2026-01-05T09:31:00.000Z:\nrebase',
    );
    expect(calls()).toEqual(['GET /v1/agent/mail undefined', 'POST /v1/agent/mail/read {"ids":["1","2"]}']);
  });

  test('says so when there is nothing', async () => {
    answers = [{ status: 200, body: { items: [] } }];
    expect(await check()).toBe('Nothing was written to you.');
    expect(calls()).toEqual(['GET /v1/agent/mail undefined']);
  });

  test('shows it though the town could not be told that it is read: it is said again', async () => {
    answers = [
      { status: 200, body: { items } },
      { status: 404, body: { title: 'Not found' } },
    ];
    expect(await check()).toContain('the parser changes');
  });
});
