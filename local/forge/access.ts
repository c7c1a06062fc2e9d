import { createPublicKey } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { Refusal, notAccessible, notFound } from './refusal.ts';
import { mayWrite, type Repository } from './state/repository.ts';

/** Who calls. An app is known by a JWT that it signed, and only asks for tokens and deliveries. */
export interface Actor {
  readonly kind: 'anonymous' | 'token' | 'app';
  readonly login: string;
}

const ANONYMOUS: Actor = { kind: 'anonymous', login: '' };

/** GitHub takes no JWT of an app that lives longer. */
const MAX_APP_JWT_SECONDS = 600;
const INSTALLATION_TOKEN_MS = 3_600_000;

interface Token {
  readonly login: string;
  readonly expiresAt: number;
}

export interface AppOptions {
  readonly id: number;
  /** Acts as `<slug>[bot]`. */
  readonly slug: string;
  readonly installationId: number;
  /** PEM. Absent: a JWT is looked at and its signature is not. */
  readonly publicKey?: string;
}

/** What became of the app's installation: its tokens follow. */
export type InstallationState = 'active' | 'suspended' | 'deleted';

export interface Access {
  /** A new token of somebody; without an end, it never expires. */
  issue(login: string, expiresAt?: number): string;
  revoke(token: string): void;
  /** An installation's token: one hour. @throws Refusal */
  issueForInstallation(installationId: number): { token: string; expiresAt: number };
  setInstallation(state: InstallationState): void;
  /** @param header `Authorization`: a token, a JWT, or basic with the token as password. @throws Refusal 401 */
  authenticate(header: string | undefined): Promise<Actor>;
}

export function createAccess(now: () => number, app: AppOptions): Access {
  const tokens = new Map<string, Token>();
  let last = 0;
  let installation: InstallationState = 'active';
  const bot = `${app.slug}[bot]`;
  /** @throws Refusal */
  const refuseSuspended = (): void => {
    if (installation === 'suspended') throw new Refusal(403, 'This installation has been suspended');
  };
  const issue = (login: string, expiresAt = Number.POSITIVE_INFINITY): string => {
    last += 1;
    const token = `ghs_${'0'.repeat(30)}${String(last).padStart(6, '0')}`;
    tokens.set(token, { login, expiresAt });
    return token;
  };

  const appOf = async (jwt: string): Promise<Actor> => {
    const { iss, iat = 0, exp = 0 } = await readJwt(jwt, app, now());
    const isFresh = exp * 1000 > now() && exp - iat <= MAX_APP_JWT_SECONDS;
    if (!isFresh)
      throw new Refusal(
        401,
        "'Expiration time' claim ('exp') must be a numeric value representing the future time",
      );
    if (iss !== `${app.id}`) throw new Refusal(404, 'Integration not found');
    return { kind: 'app', login: bot };
  };

  return {
    issue,
    revoke: (token) => void tokens.delete(token),
    issueForInstallation(installationId) {
      if (installationId !== app.installationId || installation === 'deleted') throw notFound();
      refuseSuspended();
      const expiresAt = now() + INSTALLATION_TOKEN_MS;
      return { token: issue(bot, expiresAt), expiresAt };
    },
    setInstallation(state) {
      installation = state;
    },
    async authenticate(header) {
      const secret = secretOf(header);
      if (secret === undefined) return ANONYMOUS;
      if (secret.split('.').length === 3) return appOf(secret);
      const token = tokens.get(secret);
      if (token === undefined || token.expiresAt <= now()) throw new Refusal(401, 'Bad credentials');
      if (token.login === bot) {
        if (installation === 'deleted') throw new Refusal(401, 'Bad credentials');
        refuseSuspended();
      }
      return { kind: 'token', login: token.login };
    },
  };
}

function secretOf(header: string | undefined): string | undefined {
  const [scheme = '', value = ''] = (header ?? '').split(' ', 2);
  if (value === '') return undefined;
  if (scheme.toLowerCase() !== 'basic') return value;
  const text = Buffer.from(value, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}

async function readJwt(
  jwt: string,
  { publicKey }: AppOptions,
  now: number,
): Promise<ReturnType<typeof decodeJwt>> {
  try {
    if (publicKey === undefined) return decodeJwt(jwt);
    const options = { algorithms: ['RS256'], currentDate: new Date(now) };
    return (await jwtVerify(jwt, createPublicKey(publicKey), options)).payload;
  } catch {
    throw new Refusal(401, 'A JSON web token could not be decoded');
  }
}

/** A private repository does not exist for who may not read it. @throws Refusal 404 */
export function requireRead(repository: Repository, { login }: Actor): void {
  if (repository.isPrivate && !repository.access.has(login)) throw notFound();
}

/** @throws Refusal 404 for who may not read, 403 for who may */
export function requireWrite(repository: Repository, actor: Actor): void {
  requireRead(repository, actor);
  if (actor.kind === 'anonymous') throw new Refusal(401, 'Requires authentication');
  if (!mayWrite(repository, actor.login)) throw notAccessible();
}
