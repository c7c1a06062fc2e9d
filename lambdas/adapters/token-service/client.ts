import type { GitHubApp } from '../../../core/ports.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import {
  tokenServiceAnswer,
  tokenServiceValues,
  type Op,
  type TokenServiceRequest,
  type ValueOf,
} from './protocol.ts';

/** Carries a request to the token service. @returns its answer, not yet believed @throws whatever keeps it from there */
export type AskTokenService = (request: TokenServiceRequest) => Promise<unknown>;

/** The GitHub App for those who do not hold its key. */
export function createTokenServiceClient(ask: AskTokenService): GitHubApp {
  const valueOf = async <K extends Op>(
    request: Extract<TokenServiceRequest, { op: K }> & { readonly op: K },
  ): Promise<ValueOf<K>> => {
    const answer = tokenServiceAnswer.safeParse(await ask(request).catch(() => undefined)).data;
    if (answer === undefined) throw unanswered();
    if (!answer.ok) throw new ForgeError(answer.kind, answer.message, { until: answer.until });
    const value = tokenServiceValues[request.op].safeParse(answer.value);
    if (!value.success) throw unanswered();
    return value.data as ValueOf<K>;
  };
  return {
    about: () => valueOf<'about'>({ op: 'about' }),
    token: ({ townId, integrationId, repository: { owner, name } }) =>
      valueOf<'token'>({ op: 'token', townId, integrationId, repository: { owner, name } }),
    installation: (installationId) => valueOf<'installation'>({ op: 'installation', installationId }),
    repositories: (installationId) => valueOf<'repositories'>({ op: 'repositories', installationId }),
    administers: ({ code, installationId }) =>
      valueOf<'administers'>({ op: 'administers', code, installationId }),
    redeliver: (since) => valueOf<'redeliver'>({ op: 'redeliver', since }),
  };
}

/** Why is in the log of the service. */
const unanswered = (): ForgeError =>
  new ForgeError(
    'http_error',
    'The function that holds the GitHub App could not be asked. It is asked again; if that stays so, look at the log of git-token-service.',
  );
