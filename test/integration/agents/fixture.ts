import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentReport, AgentSpec, AgentWork } from '../../../core/protocol/sync.ts';
import type { RunningAgent, StartAgentOptions } from '../../../task-image/agents/agent.ts';
import { startAgent } from '../../../task-image/agents/agent.ts';

/** Waits until `condition` gives something other than undefined or false. */
export async function until<T>(
  what: string,
  condition: () => T | undefined | false,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    await delay(25);
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`);
}

export type TownCall = { method: string; path: string; token: string; idempotencyKey: string; body: unknown };
export type TownAnswer = { status: number; body: unknown; headers?: Record<string, string> };

export type TownStub = {
  url: string;
  calls: TownCall[];
  /** Tokens of calls that were refused with 401. */
  unauthorized: string[];
  close(): Promise<void>;
};

/** The town's tool routes as a small real server. Only `validTokens` are let in; `answer` decides the rest. */
export async function startTownStub(options: {
  validTokens: Set<string>;
  answer?: (call: TownCall, earlierCalls: number) => TownAnswer | undefined;
}): Promise<TownStub> {
  const calls: TownCall[] = [];
  const unauthorized: string[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const send = ({ status, body, headers = {} }: TownAnswer): void => {
      const type = status < 400 ? 'application/json' : 'application/problem+json';
      response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body));
    };
    const call: TownCall = {
      method: request.method ?? '',
      path: request.url ?? '',
      token: request.headers.authorization?.replace('Bearer ', '') ?? '',
      idempotencyKey: String(request.headers['idempotency-key']),
      body: text === '' ? undefined : JSON.parse(text),
    };
    if (!options.validTokens.has(call.token)) {
      unauthorized.push(call.token);
      return send({ status: 401, body: { title: 'Unauthorized', code: 'unauthorized' } });
    }
    const earlier = calls.filter(({ path }) => path === call.path).length;
    calls.push(call);
    return send(options.answer?.(call, earlier) ?? usualAnswer(call));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    unauthorized,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function usualAnswer({ path }: TownCall): TownAnswer {
  if (path === '/v1/agent/prime') {
    const work = { kind: 'bead', id: 'bead-1', title: 'Primed title', status: 'in_progress' };
    return { status: 200, body: { agentId: 'agent-1', role: 'polecat', name: 'nux', work } };
  }
  return { status: 202, body: { inboxId: 'inbox-1', message: 'The town verifies it.' } };
}

export type Repository = { root: string; origin: string; worktree: string; remove(): void };

/** A bare origin, and a worktree with a commit on `main`, on a new branch. */
export function createRepository(branch: string): Repository {
  const root = mkdtempSync(join(tmpdir(), 'gastown-agents-'));
  const origin = join(root, 'origin.git');
  const worktree = join(root, 'worktree');
  git(root, 'init', '--quiet', '--bare', '--initial-branch=main', origin);
  git(root, 'init', '--quiet', '--initial-branch=main', worktree);
  git(worktree, 'remote', 'add', 'origin', origin);
  git(worktree, 'commit', '--quiet', '--allow-empty', '-m', 'Begin');
  git(worktree, 'push', '--quiet', 'origin', 'HEAD:main');
  git(worktree, 'checkout', '--quiet', '-b', branch);
  return {
    root,
    origin,
    worktree,
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export function git(cwd: string, ...args: string[]): string {
  const env = {
    PATH: process.env['PATH'],
    HOME: cwd,
    GIT_AUTHOR_NAME: 'Tester',
    GIT_AUTHOR_EMAIL: 'tester@example.com',
    GIT_COMMITTER_NAME: 'Tester',
    GIT_COMMITTER_EMAIL: 'tester@example.com',
  };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

export function beadWork(body: string, extra: { feedback?: string } = {}): AgentWork {
  return {
    kind: 'bead',
    beadId: 'bead-1',
    title: "Say 'hello'",
    body,
    branch: 'gt/nux',
    base: 'main',
    createBaseFrom: 'main',
    ...extra,
  };
}

export type TestAgent = { agent: RunningAgent; reports: AgentReport[] };

/** Starts a real agent on the scripted model. */
export async function startTestAgent(options: {
  repository: Repository;
  town: TownStub;
  modelUrl: string;
  pluginFile: string;
  work: AgentWork;
  token: string;
  overrides?: Partial<StartAgentOptions>;
}): Promise<TestAgent> {
  const { repository, work } = options;
  const reports: AgentReport[] = [];
  const spec: AgentSpec = {
    agentId: 'agent-1',
    role: work.kind === 'bead' ? 'polecat' : work.kind === 'triage' ? 'triage' : 'refinery',
    name: 'nux',
    rigId: 'rig-1',
    attempt: 1,
    work,
    token: options.token,
    messages: [],
  };
  const agent = await startAgent({
    spec,
    directory: repository.worktree,
    home: join(repository.root, 'home'),
    apiUrl: options.town.url,
    credentials: {
      providerId: 'scripted',
      npm: '@ai-sdk/openai-compatible',
      options: { baseURL: options.modelUrl, apiKey: 'model-key' },
      modelId: 'scripted',
      smallModelId: 'scripted',
      env: {},
    },
    pluginFile: options.pluginFile,
    tokenFile: join(repository.root, 'token'),
    gitAuthor: { name: 'Nux', email: 'nux@example.com' },
    log: () => {},
    onChange: (report) => reports.push(report),
    ...options.overrides,
  });
  return { agent, reports };
}
