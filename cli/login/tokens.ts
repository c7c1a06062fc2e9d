import * as oauth from 'oauth4webapi';
import { CommandFailed } from '../command-failed.ts';
import { discover, requestOptions, type SignInService } from './sign-in-service.ts';

export interface Tokens {
  readonly accessToken: string;
  /** Absent: when the other one has expired, somebody has to sign in again. */
  readonly refreshToken?: string;
}

const tokensOf = ({ access_token, refresh_token }: oauth.TokenEndpointResponse): Tokens => ({
  accessToken: access_token,
  ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
});

/** What went wrong may quote what was sent: its kind is said, and the service's word for it. */
async function asked<Found>(ask: () => Promise<Found>, signal: AbortSignal): Promise<Found> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CommandFailed) throw error;
    const isSaid =
      error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError;
    const why = isSaid ? error.error : error instanceof Error ? error.name : 'unknown';
    throw new CommandFailed(`The sign-in did not work (${why}): gastown login.`, { cause: error });
  }
}

export interface StartedSignIn {
  /** What to open in a browser. */
  readonly address: string;
  /** Whether a browser that came back comes from this request; what it brings is checked by `finish`. */
  isAnswer(url: URL): boolean;
  /** @throws CommandFailed when the service said no */
  finish(url: URL): Promise<Tokens>;
}

/**
 * An authorization request with PKCE.
 * @throws CommandFailed when the service cannot be asked
 */
export function startSignIn(
  service: SignInService,
  redirectUrl: string,
  signal: AbortSignal,
): Promise<StartedSignIn> {
  return asked(async () => {
    const server = await discover(service, signal);
    const client: oauth.Client = { client_id: service.clientId };
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const nonce = oauth.generateRandomNonce();
    const address = new URL(server.authorization_endpoint);
    const parameters = {
      response_type: 'code',
      client_id: service.clientId,
      redirect_uri: redirectUrl,
      scope: 'openid',
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return {
      address: address.href,
      isAnswer: (url) => url.searchParams.get('state') === state,
      finish: (url) =>
        asked(async () => {
          const answer = oauth.validateAuthResponse(server, client, url, state);
          const options = requestOptions(service, signal);
          const none = oauth.None();
          const response = await oauth.authorizationCodeGrantRequest(
            server,
            client,
            none,
            answer,
            redirectUrl,
            verifier,
            options,
          );
          const checks = { expectedNonce: nonce };
          return tokensOf(await oauth.processAuthorizationCodeResponse(server, client, response, checks));
        }, signal),
    };
  }, signal);
}

/** @throws CommandFailed when the service does not renew it any more */
export function renewed(service: SignInService, refreshToken: string, signal: AbortSignal): Promise<Tokens> {
  return asked(async () => {
    const server = await discover(service, signal);
    const client: oauth.Client = { client_id: service.clientId };
    const options = requestOptions(service, signal);
    const response = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      refreshToken,
      options,
    );
    // A service that gives no new one means the old one.
    return { refreshToken, ...tokensOf(await oauth.processRefreshTokenResponse(server, client, response)) };
  }, signal);
}
