import type { RestAnswer } from './client.ts';

/** GitHub's most. */
export const PER_PAGE = 100;

/**
 * The pages of a list, one after the other, as long as they are asked for.
 * @param ask with the parameters of a page
 */
export async function* pagesOf(
  ask: (parameters: Readonly<Record<string, unknown>>) => Promise<RestAnswer>,
  maxPages: number,
): AsyncGenerator<RestAnswer> {
  let parameters: Readonly<Record<string, unknown>> | undefined = { per_page: PER_PAGE };
  for (let page = 1; page <= maxPages && parameters !== undefined; page += 1) {
    const answer: RestAnswer = await ask(parameters);
    yield answer;
    parameters = answer.next;
  }
}
