import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { JobSpec } from '../../../core/protocol/job.ts';
import {
  bootstrapRequest,
  syncRequest,
  type AgentSpec,
  type ModelCredentials,
  type RigSpec,
  type SyncRequest,
} from '../../../core/protocol/sync.ts';

/** How the control plane treats one request. */
export type Behaviour =
  | { kind: 'answer' }
  | { kind: 'slow'; delayMs: number }
  | { kind: 'status'; status: number; body?: string }
  /** Sends the beginning of an answer, then breaks off. */
  | { kind: 'half' }
  /** Sends something that no schema takes. */
  | { kind: 'unparsable'; body: string }
  /** Takes the request and says nothing, ever. */
  | { kind: 'silent' };

const ANSWER: Behaviour = { kind: 'answer' };

export interface Desired {
  rigs: RigSpec[];
  agents: AgentSpec[];
  jobs: JobSpec[];
  drain: boolean;
  syncIntervalSeconds: number;
}

export interface SeenSync extends SyncRequest {
  /** When it came, in milliseconds of `performance.now()`. */
  readonly atMs: number;
}

export interface ToolCall {
  readonly path: string;
  readonly token: string;
  readonly body: unknown;
}

export interface ControlPlaneProgram {
  readonly url: string;
  /** What the next answers say. */
  readonly desired: Desired;
  readonly credentials: ModelCredentials;
  readonly bootstraps: { atMs: number; x: string }[];
  /** Every report that came, also those that got no good answer. */
  readonly syncs: SeenSync[];
  readonly toolCalls: ToolCall[];
  /** Every token that was ever given out. */
  readonly secrets: string[];
  /** For the next requests, one each; then as `always` says. */
  next(...behaviours: Behaviour[]): void;
  always(behaviour: Behaviour): void;
  /** Says `sync-now` over the socket. */
  poke(): void;
  readonly pokedConnections: () => number;
  close(): Promise<void>;
}

export const BOOTSTRAP_TOKEN = 'bootstrap-token-of-the-test';

/**
 * The container routes and the agents' tool routes as a small program with behaviours. It checks tokens and schemas, keeps
 * every report, and answers with `desired`; long texts are left out for an agent that the report lists, as the town does.
 */
export async function startControlPlane(options: {
  readonly hasSocket: boolean;
  readonly credentials: ModelCredentials;
}): Promise<ControlPlaneProgram> {
  const desired: Desired = { rigs: [], agents: [], jobs: [], drain: false, syncIntervalSeconds: 30 };
  const bootstraps: ControlPlaneProgram['bootstraps'] = [];
  const syncs: SeenSync[] = [];
  const toolCalls: ToolCall[] = [];
  const secrets = [BOOTSTRAP_TOKEN];
  const queued: Behaviour[] = [];
  let usual: Behaviour = ANSWER;
  let revision = 0;
  const hanging = new Set<ServerResponse>();

  const newToken = (): string => {
    const token = `container-token-${secrets.length}-of-the-test`;
    secrets.push(token);
    return token;
  };
  const specFor = (report: SyncRequest, spec: AgentSpec): AgentSpec => {
    const isStarted = report.agents.some(
      ({ agentId, attempt }) => agentId === spec.agentId && attempt === spec.attempt,
    );
    return isStarted ? { ...spec, work: { ...spec.work, body: undefined } } : spec;
  };

  const answerTo = (path: string, body: unknown, token: string): { status: number; body: unknown } => {
    if (path === '/v1/container/bootstrap') {
      const { bootstrapToken, publicKey } = bootstrapRequest.parse(body);
      bootstraps.push({ atMs: performance.now(), x: publicKey.x });
      if (bootstrapToken !== BOOTSTRAP_TOKEN) return { status: 401, body: {} };
      const socketUrl = options.hasSocket ? `${url.replace('http', 'ws')}/socket` : null;
      return { status: 200, body: { containerToken: newToken(), socketUrl } };
    }
    if (path.startsWith('/v1/agent/')) {
      toolCalls.push({ path, token, body });
      return { status: 202, body: { inboxId: 'inbox-1', message: 'The town verifies it.' } };
    }
    if (!secrets.slice(1).includes(token)) return { status: 401, body: { title: 'Unauthorized' } };
    if (path === '/v1/container/model-credentials') return { status: 200, body: options.credentials };
    if (path.endsWith('/restore')) return { status: 200, body: { state: 'none' } };
    if (path.includes('/container/snapshots/')) return { status: 413, body: { title: 'Too large' } };
    if (path === '/v1/container/environment') return { status: 200, body: { variables: {} } };
    const report = syncRequest.parse(body);
    syncs.push({ ...report, atMs: performance.now() });
    revision += 1;
    const agents = desired.agents.map((spec) => specFor(report, spec));
    return {
      status: 200,
      body: { protocol: 1, epoch: report.epoch, revision, containerToken: newToken(), ...desired, agents },
    };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const path = request.url ?? '';
    const isTool = path.startsWith('/v1/agent/');
    const behaviour = isTool ? ANSWER : (queued.shift() ?? usual);
    const answer = answerTo(path, text === '' ? undefined : JSON.parse(text), token);
    const json = JSON.stringify(answer.body);
    const send = (): void =>
      void response.writeHead(answer.status, { 'content-type': 'application/json' }).end(json);
    switch (behaviour.kind) {
      case 'answer':
        return send();
      case 'slow':
        setTimeout(send, behaviour.delayMs);
        return;
      case 'status':
        // As a proxy's error page that quotes what it was asked.
        response.writeHead(behaviour.status).end(behaviour.body ?? `no: ${token} ${text}`);
        return;
      case 'half':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': json.length });
        response.write(json.slice(0, json.length / 2), () => setTimeout(() => response.destroy(), 20));
        return;
      case 'unparsable':
        response.writeHead(200, { 'content-type': 'application/json' }).end(behaviour.body);
        return;
      case 'silent':
        hanging.add(response);
    }
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    if (!secrets.includes(token)) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    desired,
    credentials: options.credentials,
    bootstraps,
    syncs,
    toolCalls,
    secrets,
    next: (...behaviours) => void queued.push(...behaviours),
    always(behaviour) {
      usual = behaviour;
      if (behaviour.kind !== 'silent') for (const response of hanging) response.destroy();
    },
    poke() {
      for (const client of sockets.clients) client.send(JSON.stringify({ type: 'sync-now' }));
    },
    pokedConnections: () => sockets.clients.size,
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
