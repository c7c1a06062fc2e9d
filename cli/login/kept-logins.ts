import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SignInService } from './sign-in-service.ts';
import type { Tokens } from './tokens.ts';

export interface KeptLogin extends Tokens {
  readonly service: SignInService;
}

/** Who has signed in where, in a file that its owner alone can read: `$XDG_CONFIG_HOME/gastown/logins.json`. */
export interface KeptLogins {
  of(url: string): KeptLogin | undefined;
  /** The address of the only one that there is. */
  onlyUrl(): string | undefined;
  keep(url: string, kept: KeptLogin): void;
  /** @returns whether there was one */
  forget(url: string): boolean;
}

export function keptLogins(env: Readonly<Record<string, string | undefined>>): KeptLogins {
  // An empty variable is as none.
  const config = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  const path = join(config, 'gastown', 'logins.json');
  const read = (): Readonly<Record<string, KeptLogin>> => {
    try {
      const found = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
      const logins = Object.entries(found).filter((entry): entry is [string, KeptLogin] => isLogin(entry[1]));
      return Object.fromEntries(logins);
    } catch {
      // There is none, or it is not one: whoever needs it signs in again.
      return {};
    }
  };
  const write = (logins: Readonly<Record<string, KeptLogin>>): void => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    chmodSync(dirname(path), 0o700);
    const next = `${path}.${randomBytes(6).toString('hex')}.new`;
    writeFileSync(next, `${JSON.stringify(logins, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(next, path);
  };
  return {
    of: (url) => read()[url],
    onlyUrl() {
      const urls = Object.keys(read());
      return urls.length === 1 ? urls[0] : undefined;
    },
    keep: (url, kept) => write({ ...read(), [url]: kept }),
    forget(url) {
      const { [url]: found, ...others } = read();
      if (found !== undefined) write(others);
      return found !== undefined;
    },
  };
}

function isLogin(value: unknown): value is KeptLogin {
  const { accessToken, refreshToken, service } = (value ?? {}) as Partial<Record<keyof KeptLogin, unknown>>;
  const { issuer, clientId } = (service ?? {}) as Partial<Record<keyof SignInService, unknown>>;
  const texts = [accessToken, issuer, clientId, refreshToken ?? ''];
  return texts.every((text) => typeof text === 'string');
}
