import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptLogins, type KeptLogin } from './login/kept-logins.ts';
import { UsageError } from './usage-error.ts';

export interface Connection {
  /** Without `/v1` and without a slash at its end. */
  readonly url: string;
  readonly token: string | undefined;
  /** Whether it was found in a local installation's directory. */
  readonly isLocal: boolean;
  /** The token is of this one, and can be renewed. */
  readonly login?: KeptLogin;
}

export interface ConnectionOptions {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly dataDir: string;
}

/**
 * Options first, then `GASTOWN_URL` and `GASTOWN_TOKEN`, then the installation on this machine, then where somebody has signed in. A token
 * that was kept goes nowhere else than to its own installation.
 * @throws UsageError that says what is missing
 */
export function findConnection(
  options: ConnectionOptions,
  env: Readonly<Record<string, string | undefined>>,
): Connection {
  const named = options.url ?? nonEmpty(env['GASTOWN_URL']);
  const token = options.token ?? nonEmpty(env['GASTOWN_TOKEN']);
  const local = readLocal(options.dataDir);
  const logins = keptLogins(env);
  const signedIn = (url: string): Connection => {
    const login = token === undefined ? logins.of(url) : undefined;
    return {
      url,
      token: token ?? login?.accessToken,
      isLocal: false,
      ...(login === undefined ? {} : { login }),
    };
  };
  if (named === undefined) {
    if (local === undefined) {
      const only = logins.onlyUrl();
      if (only !== undefined) return signedIn(only);
      throw new UsageError(
        `No installation is running with the data directory ${options.dataDir}. Start one with npm start, name its directory with --data-dir, or sign in to one in AWS: gastown login --url.`,
      );
    }
    return { url: baseOf(local.apiUrl), token: token ?? local.token, isLocal: true };
  }
  const url = baseOf(named);
  const isLocal = local !== undefined && baseOf(local.apiUrl) === url;
  return isLocal ? { url, token: token ?? local.token, isLocal } : signedIn(url);
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

function baseOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`"${text}" is not the address of an API: it begins with https:// or http://.`);
  }
  return `${url.origin}${url.pathname}`.replace(/(?:\/v1)?\/*$/, '');
}

/** What `local.json` says while an installation runs; undefined: none does. */
function readLocal(dataDir: string): { apiUrl: string; token: string } | undefined {
  let text: string;
  try {
    text = readFileSync(join(dataDir, 'local.json'), 'utf8');
  } catch {
    return undefined;
  }
  try {
    const { apiUrl, token } = JSON.parse(text) as Record<string, unknown>;
    if (typeof apiUrl === 'string' && typeof token === 'string') return { apiUrl, token };
  } catch {
    // Said below.
  }
  throw new UsageError(
    `${join(dataDir, 'local.json')} does not say where the API is: start npm start again.`,
  );
}
