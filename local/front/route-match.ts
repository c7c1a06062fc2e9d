import type { Route } from '../../lambdas/http/route.ts';

/** A route and the path parameters of a request that it matches. */
export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Matches as API Gateway does: a parameter takes one whole segment, and a route without parameters goes first. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match | undefined {
  const given = path.split('/');
  const matches = routes.flatMap((route) => {
    const params = route.method === method ? paramsOf(route.path.split('/'), given) : undefined;
    return params === undefined ? [] : [{ route, params }];
  });
  const [first] = matches.toSorted((a, b) => count(a) - count(b));
  return first;
}

const count = ({ params }: Match): number => Object.keys(params).length;

function paramsOf(wanted: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  const isMatch = wanted.every((part, index) => {
    const value = given[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return part === value;
    params[name] = decode(value);
    return value !== '';
  });
  return isMatch ? params : undefined;
}

/** A badly escaped text is taken as it stands; nothing will be found under it. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
