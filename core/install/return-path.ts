/** Any origin: what is resolved against it and stays on it stays on the console's too. No address ends in this name. */
const BASE = 'https://console.invalid';
const MAX_CHARS = 2048;

/** Printable ASCII without a backslash, from the root, and not the `//` behind which a host stands. */
const FROM_ROOT = /^\/(?!\/)[\x20-\x5b\x5d-\x7e]*$/;

/**
 * Where on the console somebody wanted to come back to, as it stands in a query: a path of the same origin, with its query and
 * fragment. Whatever could lead anywhere else is undefined, also when it is looked at after one more decoding, as servers and
 * proxies do.
 */
export function returnPath(given: string | undefined): string | undefined {
  if (given === undefined || given.length > MAX_CHARS) return undefined;
  const decoded = decodedOnce(given);
  if (decoded === undefined || onSameOrigin(decoded) === undefined) return undefined;
  return onSameOrigin(given);
}

function decodedOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The path as a browser makes it out: `/a/../b` is `/b`, and `/.//evil` is `//evil`, which is refused. */
function onSameOrigin(path: string): string | undefined {
  if (!FROM_ROOT.test(path) || !URL.canParse(path, BASE)) return undefined;
  const { origin, pathname, search, hash } = new URL(path, BASE);
  return origin !== BASE || pathname.startsWith('//') ? undefined : pathname + search + hash;
}
