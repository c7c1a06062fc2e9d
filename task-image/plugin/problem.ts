import * as z from 'zod';

const problem = z.looseObject({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
});

/** A refused or failed call, told so that the agent can act on it. */
export class TownCallError extends Error {
  override readonly name = 'TownCallError';
}

/** An answer that is not 2xx: an RFC 9457 problem document, or whatever a gateway in between says. */
export function refusal(status: number, body: string): TownCallError {
  const { title, detail, code } = parseProblem(body);
  const what = [title, detail].filter((part) => part !== undefined && part !== '').join(': ');
  const said = what === '' ? 'no explanation was given' : what.replace(/\.$/, '');
  return new TownCallError(
    `Refused (${[status, code].filter(Boolean).join(' ')}): ${said}. ${advice(status)}`,
  );
}

export function unreachable(reason: string): TownCallError {
  return new TownCallError(
    `The town could not be reached (${reason}). Nothing is lost: go on working, and make this call again in a minute.`,
  );
}

function advice(status: number): string {
  if (status === 401 || status === 403) {
    return 'You are no longer allowed to make this call, perhaps since another attempt has replaced yours. Stop here.';
  }
  if (status === 404) return 'Check the id; it may have been removed.';
  if (status === 409)
    return 'The state has changed since you looked: call gt_prime, and go on from what it says.';
  if (status >= 500 || status === 429) return 'Make this call again in a minute.';
  return 'Correct the call and make it again.';
}

function parseProblem(body: string): z.infer<typeof problem> {
  try {
    return problem.parse(JSON.parse(body));
  } catch {
    return {};
  }
}
