import { expect } from 'vitest';
import * as z from 'zod';
import type { ContractCheck } from './contract.ts';
import type { SecretWatch } from './secrets.ts';

export interface Call {
  readonly token?: string | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
}
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}
export type Caller = (method: string, path: string, call?: Call) => Promise<Answer>;

const TIMEOUT_MS = 20_000;

/**
 * A client that sees every answer: each must have a request id and be what the API's document says, and each error must be a
 * problem document.
 */
export const callerOf =
  (apiUrl: () => string, secrets: SecretWatch, check: ContractCheck): Caller =>
  async (method, path, { token, body, raw, headers: more = {} } = {}) => {
    const response = await fetch(`${apiUrl()}${path}`, {
      method,
      headers: {
        ...more,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined && raw === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(raw === undefined ? {} : { body: raw }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, body: bodyOf(text) };
    expect(answer.headers.get('x-request-id'), `${method} ${path}: x-request-id`).toMatch(/^\S{8,}$/);
    if (answer.status >= 400) expectProblem(answer);
    check(method, path, answer);
    secrets.see(answer.body);
    return answer;
  };

/** A redirect has none. */
const bodyOf = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));

const problem = z.strictObject({
  type: z.string(),
  title: z.string().min(1),
  status: z.number(),
  detail: z.string().min(1),
  code: z.enum([
    'not_found',
    'invalid_input',
    'conflict',
    'gone',
    'too_large',
    'rate_limited',
    'unauthorized',
    'unavailable',
    'internal',
  ]),
  issues: z.array(z.strictObject({ path: z.string(), message: z.string().min(1) })).optional(),
  requestId: z.string(),
});
export type Problem = z.infer<typeof problem>;

/** RFC 9457, as the HTTP contract has it. */
export function expectProblem({ status, headers, body }: Answer): Problem {
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const parsed = problem.parse(body);
  expect(parsed).toMatchObject({ status, requestId: headers.get('x-request-id') });
  return parsed;
}

export const codeOf = (answer: Answer): string => `${answer.status} ${expectProblem(answer).code}`;

/** A created or read record: only what tests name is looked at. */
export const record = z.looseObject({ id: z.string() });
export const listed = z.looseObject({ items: z.array(z.looseObject({})), nextCursor: z.string().nullable() });
export const idOf = (answer: Answer): string => record.parse(answer.body).id;
