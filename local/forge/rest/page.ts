import type { RestAnswer, RestRequest } from './route.ts';

const wholeNumber = (text: string | null, fallback: number): number => {
  const number = Number(text ?? fallback);
  return Number.isInteger(number) && number > 0 ? number : fallback;
};

/** One page of a list, with a `Link` to the others. */
export function pageOf<T>(
  { query, world }: Pick<RestRequest, 'query' | 'world'>,
  path: string,
  items: readonly T[],
): { readonly items: readonly T[]; readonly headers: NonNullable<RestAnswer['headers']> } {
  const perPage = Math.min(100, wholeNumber(query.get('per_page'), 30));
  const page = wholeNumber(query.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (rel: string, to: number): string => {
    const others = new URLSearchParams(query);
    others.set('page', `${to}`);
    return `<${world.urls.api}${path}?${others.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link('prev', page - 1), link('first', 1)] : []),
    ...(page < last ? [link('next', page + 1), link('last', last)] : []),
  ];
  return {
    items: items.slice((page - 1) * perPage, page * perPage),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}
