import * as z from 'zod';
import type { Recorded } from './recorder.ts';

/** What of a request a provider depends on: no texts, no keys, no ids, no versions of clients. */
export function shapeOf({ method, path, headers, body }: Recorded): object {
  const { messages, input, system, tools, toolConfig, ...rest } = body;
  const options = Object.entries(rest).map(([name, value]) => [
    name,
    isVolatile(name) ? '<volatile>' : value,
  ]);
  return {
    method,
    path,
    authentication: authenticationOf(headers),
    contentType: headers['content-type'] ?? null,
    anthropicVersion: headers['anthropic-version'] ?? null,
    options: Object.fromEntries(options) as object,
    system: system === undefined ? [] : kindsOf(system),
    messages: kindsOf(messages ?? input),
    tools: toolNames(tools ?? toolConfig),
  };
}

const isVolatile = (name: string): boolean => name === 'prompt_cache_key' || name === 'metadata';

function authenticationOf(headers: Recorded['headers']): string[] {
  const { authorization = '' } = headers;
  const scope = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([^,]+), SignedHeaders=([^,]+), Signature=/.exec(
    authorization,
  );
  return [
    ...(headers['x-api-key'] === undefined ? [] : ['x-api-key']),
    ...(authorization.startsWith('Bearer ') ? ['bearer'] : []),
    ...(scope === null ? [] : [`SigV4 of ${scope[1]} over ${scope[2]}`]),
    ...(headers['x-amz-security-token'] === undefined ? [] : ['x-amz-security-token']),
  ];
}

const part = z.looseObject({ type: z.string().optional() });
const message = z.looseObject({
  role: z.string().optional(),
  type: z.string().optional(),
  content: z.union([z.string(), z.array(part)]).optional(),
});

/** `role: kinds of its parts`, message by message. */
function kindsOf(value: unknown): string[] {
  if (typeof value === 'string') return ['text'];
  return z
    .array(message)
    .parse(value)
    .map(({ role, type, content, ...rest }) => {
      const kinds = Array.isArray(content)
        ? content.map((each) => each.type ?? Object.keys(each).join('+'))
        : 'text';
      const own = role ?? type ?? Object.keys(rest).join('+');
      return content === undefined ? own : `${own}: ${[kinds].flat().join(', ')}`;
    });
}

const namedTool = z.looseObject({ name: z.string() });
const tool = z.union([
  namedTool.transform(({ name }) => name),
  z.looseObject({ toolSpec: namedTool }).transform(({ toolSpec }) => toolSpec.name),
  z.looseObject({ cachePoint: z.unknown() }).transform(() => undefined),
]);

function toolNames(value: unknown): string[] {
  const list = Array.isArray(value)
    ? value
    : z.looseObject({ tools: z.array(z.unknown()) }).parse(value).tools;
  return (
    z
      .array(tool)
      .parse(list)
      // The plugin's own tools are no matter of the provider.
      .flatMap((name) => (name === undefined || name.startsWith('gt_') ? [] : [name]))
      .sort()
  );
}
