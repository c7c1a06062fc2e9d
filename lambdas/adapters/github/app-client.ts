import { createAppAuth } from '@octokit/auth-app';
import type { Now } from '../../../core/ports.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import type { AppSecret, AppSecretSource } from './app-secret.ts';
import type { GitHubClient, RestAnswer } from './client.ts';
import type { Credential } from './failure.ts';

export interface AppCall {
  /** What it is about, for people. */
  readonly about: string;
  readonly route: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly expected?: readonly number[];
}

/** GitHub, asked as the app itself. All methods throw `ForgeError`. */
export interface AppClient {
  /** Undefined: no app is set up. */
  known(): Promise<AppSecret | undefined>;
  /** @throws ForgeError `no_token` when no app is set up */
  secret(): Promise<AppSecret>;
  ask(call: AppCall): Promise<RestAnswer>;
}

const APP_KEY: Credential = {
  name: "the GitHub App's key",
  remedy: 'Make a new private key on the page of the app, or the app anew with gastown github-app create.',
};

export function createAppClient(options: {
  readonly client: GitHubClient;
  readonly secrets: AppSecretSource;
  readonly now: Now;
}): AppClient {
  const { client, secrets, now } = options;
  const secret = async (isFresh: boolean): Promise<AppSecret> => {
    const found = await secrets.read(isFresh);
    if (found !== undefined) return found;
    const message =
      'This installation of Gastown has no GitHub App: make one with gastown github-app create, or set gitAuth.githubToken in the town.';
    throw new ForgeError('no_token', message);
  };
  const askOnce = async (
    { about, parameters = {}, ...call }: AppCall,
    isFresh: boolean,
  ): Promise<RestAnswer> => {
    const token = await signedBy(await secret(isFresh), now);
    return client.rest({ ...call, repository: about, parameters, token, credential: APP_KEY });
  };
  return {
    known: () => secrets.read(false),
    secret: () => secret(false),
    async ask(call) {
      try {
        return await askOnce(call, false);
      } catch (error) {
        // The key may have been replaced since it was read.
        if (!(error instanceof ForgeError) || error.kind !== 'unauthorized') throw error;
        return askOnce(call, true);
      }
    },
  };
}

/** A JWT of the app: ten minutes, begun half a minute ago, since clocks differ. */
async function signedBy({ appId, privateKey }: AppSecret, now: Now): Promise<string> {
  // In seconds, against the machine's clock, which the library signs by.
  const timeDifference = Math.round((now() - Date.now()) / 1000);
  const identity = { appId, privateKey, timeDifference };
  try {
    return (await createAppAuth(identity)({ type: 'app' })).token;
  } catch {
    // What the library says may quote the key.
    const message =
      "The GitHub App's private key cannot sign: it is no RSA key in PEM. Make a new one on the page of the app.";
    throw new ForgeError('unauthorized', message);
  }
}
