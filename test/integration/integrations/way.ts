import { expect } from 'vitest';
import * as z from 'zod';
import { listed, record, type Caller } from '../api/client.ts';
import { CONSOLE_URL } from '../api/fixture.ts';

interface Api {
  readonly call: Caller;
}

/** What GitHub puts into the query of the way back. */
export type Back = Readonly<Record<string, string>>;

/** A user's ways to GitHub and back. */
export const wayOf = ({ call }: Api, token: string) => ({
  /** Asks for the address where the app is installed. @returns its state */
  async begin(query: Readonly<Record<string, string>> = {}): Promise<string> {
    const path = `/v1/integrations/github/install-url?${new URLSearchParams(query).toString()}`;
    const answer = await call('GET', path, { token });
    expect(answer.status, `says ${JSON.stringify(answer.body)}`).toBe(200);
    const url = new URL(z.strictObject({ url: z.url() }).parse(answer.body).url);
    expect(url.origin + url.pathname).toBe('https://github.com/apps/gastown-test/installations/new');
    expect([...url.searchParams.keys()]).toEqual(['state']);
    return url.searchParams.get('state') ?? '';
  },
});

/** A browser comes back, without a token. @returns where on the console it goes on */
export async function comeBack({ call }: Api, back: Back | string): Promise<string> {
  const query = typeof back === 'string' ? back : new URLSearchParams(back).toString();
  const answer = await call('GET', `/v1/integrations/github/callback?${query}`);
  const location = answer.headers.get('location') ?? '';
  expect(`${answer.status} ${location}`).toContain(`302 ${CONSOLE_URL}/`);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('set-cookie')).toBeNull();
  return location.slice(CONSOLE_URL.length);
}

/** Ids of the integrations that a user sees. */
export async function integrationsOf({ call }: Api, token: string): Promise<string[]> {
  const { body } = await call('GET', '/v1/integrations', { token });
  return listed.parse(body).items.map((item) => record.parse(item).id);
}
