import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { countUsage, streamedAnswer, wholeAnswer } from './chat-answer.ts';
import { chatRequest, toConversation } from './chat-request.ts';
import { planFailures } from './failures.ts';
import type { ModelFailure } from './failures.ts';
import type { Script, ScriptStep } from './script.ts';

const MODEL_ID = 'scripted';
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

export type ScriptedModelOptions = {
  script: Script;
  /** @default 0: any free port */
  port?: number;
  /** How long the model "thinks" before each step, or before the one that it will take. @default 0 ms */
  stepDelayMs?: number | ((step: ScriptStep) => number);
  /** @default none */
  failures?: readonly ModelFailure[];
};

export type ScriptedModel = {
  /** Base URL for an OpenAI-compatible client; ends with `/v1`. */
  url: string;
  /** Requests for a completion, and the tokens that were answered for. */
  stats(): { requests: number; inputTokens: number; outputTokens: number };
  /** Also cuts open connections. */
  close(): Promise<void>;
};

/** Starts an OpenAI-compatible chat-completions server on loopback. */
export async function startScriptedModel(options: ScriptedModelOptions): Promise<ScriptedModel> {
  const failures = planFailures(options.failures ?? []);
  const total = { requests: 0, inputTokens: 0, outputTokens: 0 };

  const complete = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await readBody(request);
    const parsed = chatRequest.safeParse(parseJson(text));
    if (!parsed.success) return sendError(response, 400, parsed.error.message);
    total.requests += 1;

    const conversation = toConversation(parsed.data);
    const failure = conversation.tools.length > 0 ? failures.next() : undefined;
    if (failure?.kind === 'hang') return;
    if (failure?.kind === 'status') {
      if (failure.retryAfterSeconds !== undefined)
        response.setHeader('retry-after', failure.retryAfterSeconds);
      return sendError(response, failure.status, 'a failure that was asked for');
    }

    const step: ScriptStep = options.script(conversation);
    const { stepDelayMs = 0 } = options;
    await delay(typeof stepDelayMs === 'number' ? stepDelayMs : stepDelayMs(step));
    const usage = countUsage(text, step);
    total.inputTokens += usage.prompt_tokens;
    total.outputTokens += usage.completion_tokens;
    const createdSeconds = Math.floor(Date.now() / 1000);
    const answer = { id: `scripted_${randomUUID()}`, model: parsed.data.model, createdSeconds, step, usage };
    if (parsed.data.stream !== true) return sendJson(response, 200, wholeAnswer(answer));

    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    for (const event of streamedAnswer(answer)) {
      response.write(event);
      if (failure?.kind === 'drop') {
        await delay(20); // Else the first event may be lost with the connection.
        response.destroy();
        return;
      }
    }
    response.end();
  };

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET' && pathname === '/v1/models') {
      return sendJson(response, 200, {
        object: 'list',
        data: [{ id: MODEL_ID, object: 'model', owned_by: 'local' }],
      });
    }
    if (request.method !== 'POST' || pathname !== '/v1/chat/completions') {
      return sendError(response, 404, 'no such route');
    }
    complete(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, 500, error instanceof Error ? error.message : 'the script failed');
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    stats: () => ({ ...total }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) throw new Error('the request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: 'scripted_model', code: null, param: null } });
}
