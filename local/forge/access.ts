import { createPublicKey } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { Refusal, notAccessible, notFound } from './refusal.ts';
import { mayWrite, type Repository } from './state/repository.ts';

/** Who calls. An app is known by a JWT that it signed, and only asks for tokens and deliveries. */
export interface Actor {
  readonly kind: 'anonymous' | 'token' | 'app';
  readonly login: string;
  /** What the token was narrowed to; absent: all that its owner may. */
  readonly scope?: TokenScope | undefined;
  /** A user who speaks through the app. */
  readonly isThroughApp?: boolean | undefined;
}

export type TokenPermissions = Readonly<Record<string, 'read' | 'write'>>;

/** How an installation's token is narrowed. */
export interface TokenScope {
  readonly covers: (repository: Repository) => boolean;
  readonly permissions: TokenPermissions;
}

const ANONYMOUS: Actor = { kind: 'anonymous', login: '' };

/** GitHub takes no JWT of an app that lives longer. */
const MAX_APP_JWT_SECONDS = 600;
const INSTALLATION_TOKEN_MS = 3_600_000;
const USER_TOKEN_MS = 8 * 3_600_000;

interface Token extends Pick<Actor, 'login' | 'scope' | 'isThroughApp'> {
  readonly expiresAt: number;
}

/** The forge's one app, installed once. */
export interface AppOptions {
  readonly id: number;
  /** Acts as `<slug>[bot]`. */
  readonly slug: string;
  readonly installationId: number;
  /** PEM. Absent: a JWT is looked at and its signature is not. */
  readonly publicKey?: string;
  /** Whose repositories the installation covers, of those that the app may read. @default everybody's */
  readonly account?: string;
  /** @default `Iv1.gastown` */
  readonly clientId: string;
  /** @default `client-secret` */
  readonly clientSecret: string;
  /** What the installation was granted. @default what pull requests need */
  readonly permissions: TokenPermissions;
}

/** What became of the app's installation: its tokens follow. */
export type InstallationState = 'active' | 'suspended' | 'deleted';

export interface Access {
  /** A new token of somebody; without an end, it never expires. */
  issue(login: string, expiresAt?: number): string;
  revoke(token: string): void;
  /** A user's token through the app: eight hours. */
  issueThroughApp(login: string): string;
  /** An installation's token: one hour. @throws Refusal */
  issueForInstallation(installationId: number, scope: TokenScope): { token: string; expiresAt: number };
  readonly installation: InstallationState;
  setInstallation(state: InstallationState): void;
  /** @param header `Authorization`: a token, a JWT, or basic with the token as password. @throws Refusal 401 */
  authenticate(header: string | undefined): Promise<Actor>;
}

export function createAccess(now: () => number, app: AppOptions): Access {
  const tokens = new Map<string, Token>();
  let last = 0;
  let installation: InstallationState = 'active';
  // The app may be made while the forge runs.
  const bot = (): string => `${app.slug}[bot]`;
  /** @throws Refusal */
  const refuseSuspended = (): void => {
    if (installation === 'suspended') throw new Refusal(403, 'This installation has been suspended');
  };
  const issue = (token: Token, prefix = 'ghs'): string => {
    last += 1;
    const text = `${prefix}_${'0'.repeat(30)}${String(last).padStart(6, '0')}`;
    tokens.set(text, token);
    return text;
  };

  const appOf = async (jwt: string): Promise<Actor> => {
    const { iss, iat = 0, exp = 0 } = await readJwt(jwt, app, now());
    const isFresh = exp * 1000 > now() && exp - iat <= MAX_APP_JWT_SECONDS;
    if (!isFresh)
      throw new Refusal(
        401,
        "'Expiration time' claim ('exp') must be a numeric value representing the future time",
      );
    // A number or a text, or the client id.
    if (![`${app.id}`, app.clientId].includes(String(iss))) throw new Refusal(404, 'Integration not found');
    return { kind: 'app', login: bot() };
  };

  return {
    issue: (login, expiresAt = Number.POSITIVE_INFINITY) => issue({ login, expiresAt }),
    issueThroughApp: (login) => issue({ login, isThroughApp: true, expiresAt: now() + USER_TOKEN_MS }, 'ghu'),
    get installation() {
      return installation;
    },
    revoke: (token) => void tokens.delete(token),
    issueForInstallation(installationId, scope) {
      if (installationId !== app.installationId || installation === 'deleted') throw notFound();
      refuseSuspended();
      const expiresAt = now() + INSTALLATION_TOKEN_MS;
      return { token: issue({ login: bot(), scope, expiresAt }), expiresAt };
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
      if (token.login === bot()) {
        if (installation === 'deleted') throw new Refusal(401, 'Bad credentials');
        refuseSuspended();
      }
      return { kind: 'token', ...token };
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

/** Whether a repository is there for somebody: a private one is not for who may not read it. */
export const isVisible = (repository: Repository, { login, scope }: Actor): boolean =>
  !repository.isPrivate || (repository.access.has(login) && scope?.covers(repository) !== false);

/** @throws Refusal 404 */
export function requireRead(repository: Repository, actor: Actor): void {
  if (!isVisible(repository, actor)) throw notFound();
}

/**
 * @param permission what a narrowed token has to write
 * @throws Refusal 404 for who may not read, 403 for who may
 */
export function requireWrite(repository: Repository, actor: Actor, permission = 'contents'): void {
  requireRead(repository, actor);
  const { kind, login, scope } = actor;
  if (kind === 'anonymous') throw new Refusal(401, 'Requires authentication');
  const isGranted =
    scope === undefined || (scope.covers(repository) && scope.permissions[permission] === 'write');
  if (!mayWrite(repository, login) || !isGranted) throw notAccessible();
}
