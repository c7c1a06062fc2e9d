import { afterEach, expect, test } from 'vitest';
import type { Conversation } from '../../../local/scripted-model/script.ts';
import { startScriptedModel } from '../../../local/scripted-model/server.ts';
import type { ScriptedModel, ScriptedModelOptions } from '../../../local/scripted-model/server.ts';

let model: ScriptedModel | undefined;
afterEach(() => model?.close());

const seen: Conversation[] = [];

async function start(options: Partial<ScriptedModelOptions> = {}): Promise<ScriptedModel> {
  seen.length = 0;
  model = await startScriptedModel({
    script: (conversation) => {
      seen.push(conversation);
      return conversation.turn === 0 && conversation.tools.length > 0
        ? { say: 'I look.', call: { tool: 'bash', args: { command: 'ls' } } }
        : { say: 'That is all.' };
    },
    ...options,
  });
  return model;
}

const BASH = { type: 'function', function: { name: 'bash', parameters: {} } };
const TASK = [
  { role: 'system', content: 'Rules.' },
  { role: 'user', content: [{ type: 'text', text: 'Look.' }] },
];

function complete({ url }: ScriptedModel, body: object): Promise<Response> {
  return fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { connection: 'close' },
    body: JSON.stringify({ model: 'scripted', ...body }),
  });
}

test('a call and then its result make a conversation of two turns, counted by what was said', async () => {
  const server = await start();
  const first = await (await complete(server, { messages: TASK, tools: [BASH] })).json();
  expect(first).toMatchObject({
    object: 'chat.completion',
    choices: [{ finish_reason: 'tool_calls', message: { role: 'assistant', content: 'I look.' } }],
  });
  const [choice] = (first as { choices: { message: { tool_calls: { id: string }[] } }[] }).choices;
  const callId = choice?.message.tool_calls[0]?.id;
  expect(choice?.message.tool_calls).toMatchObject([
    { function: { name: 'bash', arguments: '{"command":"ls"}' } },
  ]);

  const messages = [...TASK, choice?.message, { role: 'tool', tool_call_id: callId, content: 'a.txt' }];
  const second = await (await complete(server, { messages, tools: [BASH] })).json();
  expect(second).toMatchObject({
    choices: [{ finish_reason: 'stop', message: { content: 'That is all.' } }],
  });

  expect(seen[1]).toEqual({
    system: 'Rules.',
    tools: ['bash'],
    turn: 1,
    messages: [
      { role: 'user', text: 'Look.' },
      {
        role: 'assistant',
        text: 'I look.',
        toolCalls: [{ id: callId, tool: 'bash', args: { command: 'ls' } }],
      },
      { role: 'user', text: '', toolResults: [{ id: callId, text: 'a.txt' }] },
    ],
  });
  const [one, two] = [first, second] as { usage: { prompt_tokens: number; completion_tokens: number } }[];
  expect(two?.usage.prompt_tokens).toBeGreaterThan(one?.usage.prompt_tokens ?? Number.NaN);
  expect(server.stats()).toEqual({
    requests: 2,
    inputTokens: (one?.usage.prompt_tokens ?? 0) + (two?.usage.prompt_tokens ?? 0),
    outputTokens: (one?.usage.completion_tokens ?? 0) + (two?.usage.completion_tokens ?? 0),
  });
});

test('a streamed answer says the same in pieces, and its usage at the end', async () => {
  const server = await start();
  const text = await (await complete(server, { messages: TASK, tools: [BASH], stream: true })).text();
  const events = text.split('\n\n').filter((event) => event !== '');
  expect(events.at(-1)).toBe('data: [DONE]');
  const chunks = events.slice(0, -1).map((event): unknown => JSON.parse(event.slice('data: '.length)));
  expect(chunks.at(-1)).toMatchObject({
    choices: [{ finish_reason: 'tool_calls' }],
    usage: { completion_tokens: expect.any(Number) as unknown },
  });
  expect(text).toContain('"content":"I look."');
});

test('failures meet requests for steps in their order; titles are spared', async () => {
  const server = await start({
    failures: [
      { kind: 'status', status: 429, retryAfterSeconds: 2 },
      { kind: 'status', status: 500 },
      { kind: 'drop' },
    ],
  });
  const step = { messages: TASK, tools: [BASH], stream: true };
  expect((await complete(server, { messages: TASK })).status).toBe(200);
  const limited = await complete(server, step);
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
  expect((await complete(server, step)).status).toBe(500);
  await expect(complete(server, step).then((response) => response.text())).rejects.toThrow('terminated');
  expect((await complete(server, step)).status).toBe(200);
});

test('models are listed; what is not a request is refused', async () => {
  const server = await start();
  expect(await (await fetch(`${server.url}/models`)).json()).toMatchObject({ data: [{ id: 'scripted' }] });
  expect((await complete(server, { messages: [] })).status).toBe(400);
  expect((await fetch(`${server.url}/other`)).status).toBe(404);
});
