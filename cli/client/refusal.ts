import type { Problem } from './api.generated.ts';

/** What is known of a refusal; an answer that is no problem document has its text as the detail. */
export type Refusal = Pick<Problem, 'status' | 'detail' | 'requestId' | 'issues'> & {
  /** A stable word of the API's contract. */
  readonly code: string;
};

/** The API has answered, and not with what was asked for. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly problem: Refusal;

  constructor(problem: Refusal) {
    super(problem.detail);
    this.problem = problem;
  }
}

const MAX_TEXT_CHARS = 300;

/** Gateways in front of the API answer in their own words: `{"message":"Unauthorized"}`, or a page. */
export function readProblem(response: Response, text: string): Refusal {
  const { status, headers } = response;
  const body = objectOf(text);
  const said = [body['detail'], body['message']].find((one) => typeof one === 'string');
  return {
    status,
    code: typeof body['code'] === 'string' ? body['code'] : 'unknown',
    detail: said ?? `the answer is ${status} ${text.slice(0, MAX_TEXT_CHARS)}`.trim(),
    requestId:
      typeof body['requestId'] === 'string' ? body['requestId'] : (headers.get('x-request-id') ?? 'unknown'),
    ...(Array.isArray(body['issues']) ? { issues: body['issues'] as NonNullable<Problem['issues']> } : {}),
  };
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
