import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { integrationIdOf } from '../../../core/integration.ts';
import { ForgeError } from '../../../core/pull-request/forge-error.ts';
import { startApi, type Api } from '../attack/api.ts';
import { comeBack, integrationsOf, wayOf, type Back } from './way.ts';

const RETURN = '/gastown/onboarding?step=repo';
const MINUTE_MS = 60_000;

let api: Api;
let fixture: Api['fixture'];
let token: string;
beforeAll(async () => {
  api = await startApi();
  fixture = api.fixture;
});
afterAll(() => api.close());

let users = 0;
let userId = '';
beforeEach(async () => {
  users += 1;
  userId = `user-${users}`;
  token = await api.token(userId);
  fixture.githubApp.asked.length = 0;
});
afterEach(() => {
  fixture.clock.offsetMs = 0;
  Object.assign(fixture.githubApp, { isSetUp: true, failure: undefined, delayMs: 0 });
});

const begin = async (query: Record<string, string> = { return: RETURN }): Promise<string> => {
  const state = await wayOf(api, token).begin(query);
  fixture.secrets.add(state);
  return state;
};

/** A whole way back of somebody who administers what they installed. */
const good = async (state: string): Promise<Back & { readonly installation_id: string }> => {
  const code = fixture.githubApp.codeOf(userId);
  // Neither stands in any line of the log: that is looked at when the functions end.
  fixture.secrets.add(code);
  const installation_id = `${fixture.githubApp.install([userId])}`;
  return { state, installation_id, code, setup_action: 'install' };
};

const without =
  (left: string) =>
  (back: Back): Back =>
    Object.fromEntries(Object.entries(back).filter(([name]) => name !== left));

describe('a browser comes back from GitHub', () => {
  it('installed: the integration is there, and the page that asked hears of it', async () => {
    const back = await good(await begin());
    expect(await comeBack(api, back)).toBe(`${RETURN}&github_install=success`);
    const answer = await api.call('GET', '/v1/integrations', { token });
    expect(answer.body).toMatchObject({
      items: [
        {
          id: integrationIdOf(Number(back.installation_id)),
          provider: 'github',
          orgId: null,
          account: { login: userId, type: 'User' },
          selection: 'all',
          state: 'active',
          installationId: Number(back.installation_id),
        },
      ],
      nextCursor: null,
    });
    expect(fixture.githubApp.asked).toEqual(['about', 'administers', 'installation']);
  });

  const isSeen = { claims: true };
  const notSeen = { claims: false };
  const rows: readonly {
    readonly what: string;
    readonly change: (back: Back) => Back | Promise<Back>;
    readonly outcome: string;
    readonly claims: boolean;
  }[] = [
    {
      what: 'updated',
      change: (back) => ({ ...back, setup_action: 'update' }),
      outcome: 'github_install=success',
      ...isSeen,
    },
    {
      what: 'no word on what was done',
      change: without('setup_action'),
      outcome: 'github_install=success',
      ...isSeen,
    },
    {
      what: 'parameters that nobody knows',
      change: (back) => ({ ...back, iss: 'https://github.com', new: '1' }),
      outcome: 'github_install=success',
      ...isSeen,
    },
    {
      what: 'requested of somebody who may',
      change: ({ state = '' }) => ({ state, setup_action: 'request' }),
      outcome: 'pending_approval=true',
      ...notSeen,
    },
    {
      what: 'requested, with all the rest',
      change: (back) => ({ ...back, setup_action: 'request' }),
      outcome: 'pending_approval=true',
      ...notSeen,
    },
    {
      what: 'no installation',
      change: without('installation_id'),
      outcome: 'error=missing_installation_id',
      ...notSeen,
    },
    ...['', '0', '-1', '1.5', '1e3', '0x10', ' 1', '01', 'abc', '9'.repeat(16), '1,2', '１'].map((id) => ({
      what: `an installation called "${id}"`,
      change: (back: Back) => ({ ...back, installation_id: id }),
      outcome: 'error=missing_installation_id',
      ...notSeen,
    })),
    {
      what: 'no code',
      change: without('code'),
      outcome: 'error=not_installation_admin',
      ...notSeen,
    },
    {
      what: 'an empty code',
      change: (back) => ({ ...back, code: '' }),
      outcome: 'error=not_installation_admin',
      ...notSeen,
    },
    {
      what: 'a code that is too long',
      change: (back) => ({ ...back, code: 'c'.repeat(257) }),
      outcome: 'error=not_installation_admin',
      ...notSeen,
    },
    {
      what: 'a code of nobody',
      change: (back) => ({ ...back, code: 'made-up' }),
      outcome: 'error=not_installation_admin',
      ...notSeen,
    },
    {
      what: 'a code of another GitHub user',
      change: (back) => ({ ...back, code: fixture.githubApp.codeOf('stranger') }),
      outcome: 'error=not_installation_admin',
      ...notSeen,
    },
    {
      what: 'an installation of another GitHub user',
      change: (back) => ({ ...back, installation_id: `${fixture.githubApp.install(['stranger'])}` }),
      outcome: 'error=not_installation_admin',
      ...notSeen,
    },
    {
      what: 'an installation that was never there',
      change: (back) => ({ ...back, installation_id: '999999999' }),
      outcome: 'error=not_installation_admin',
      ...notSeen,
    },
    {
      what: 'suspended',
      change: (back) => {
        fixture.githubApp.change(Number(back['installation_id']), { isSuspended: true });
        return back;
      },
      outcome: 'error=installation_suspended',
      ...isSeen,
    },
    {
      what: 'GitHub does not answer as it should',
      change: (back) => {
        fixture.githubApp.failure = new ForgeError('http_error', 'GitHub answers 502. Try again.');
        return back;
      },
      outcome: 'error=installation_failed',
      ...notSeen,
    },
    {
      what: 'something that nobody foresaw, which repeats the code',
      change: (back) => {
        fixture.githubApp.failure = new Error(`POST /access_token?code=${back['code']}`);
        return back;
      },
      outcome: 'error=installation_failed',
      ...notSeen,
    },
  ];
  test.each(rows)('$what → $outcome', async ({ change, outcome, claims }) => {
    const state = await begin();
    expect(await comeBack(api, await change(await good(state)))).toBe(`${RETURN}&${outcome}`);
    expect(await integrationsOf(api, token)).toHaveLength(claims ? 1 : 0);
    // Whatever came of it, the way is used up, and nobody is asked again.
    const asked = fixture.githubApp.asked.length;
    Object.assign(fixture.githubApp, { failure: undefined });
    expect(await comeBack(api, await good(state))).toBe('/integrations?error=install_state_invalid');
    expect(fixture.githubApp.asked).toHaveLength(asked);
  });

  it('gone between two questions → installation_not_found', async () => {
    const back = await good(await begin());
    const { administers } = fixture.githubApp;
    fixture.githubApp.administers = async (wanted) => {
      const does = await administers(wanted);
      fixture.githubApp.uninstall(wanted.installationId);
      return does;
    };
    const location = await comeBack(api, back);
    fixture.githubApp.administers = administers;
    expect(location).toBe(`${RETURN}&error=installation_not_found`);
    expect(await integrationsOf(api, token)).toEqual([]);
  });

  it('a failure is logged, with what to do about it', async () => {
    const before = fixture.secrets.lines.length;
    const back = await good(await begin());
    fixture.githubApp.failure = new ForgeError('http_error', 'GitHub answers 502. Try again.');
    await comeBack(api, back);
    const said = fixture.secrets.lines.slice(before).join('\n');
    expect(said).toContain('GitHub answers 502. Try again.');
    expect(said).toContain('finishInstall');
  });

  it('there is no app any more → installation_failed', async () => {
    const back = await good(await begin());
    fixture.githubApp.failure = new ForgeError('no_token', 'There is no GitHub App.');
    expect(await comeBack(api, back)).toBe(`${RETURN}&error=installation_failed`);
  });
});

describe('a state that is none', () => {
  const rows: readonly (readonly [what: string, state: (own: string) => string])[] = [
    ['nothing', () => ''],
    ['a word', () => 'x'],
    ['a user of the system before', () => 'user_1'],
    ['an organisation of the system before', () => 'org_acme'],
    ['a user of the system before, with a page', () => 'user_1|return=%2Fgastown%2Fonboarding%3Fstep%3Drepo'],
    ['the same, encoded once more', () => encodeURIComponent('org_acme|return=%2Fgastown%2Fonboarding')],
    ['a page of somebody else', () => 'user_1|return=https://evil.example/'],
    ['one of ours that nobody was given', (own) => `${'A'.repeat(43)}${own.slice(43)}`],
    ['another end', (own) => `${own.slice(0, -1)}${own.endsWith('A') ? 'E' : 'A'}`],
    ['the first half alone', (own) => own.slice(0, 43)],
    ['more than it was', (own) => `${own}A`],
    ['twice', (own) => `${own},${own}`],
    ['with white space', (own) => ` ${own}`],
    ['too long to be looked at', () => 'A'.repeat(5000)],
    ['line breaks', () => 'user_1\r\nset-cookie: a=b'],
    ['script', () => '<script>alert(1)</script>'],
  ];
  test.each(rows)('%s: the default page, and nothing of it is said back', async (_, stateOf) => {
    const own = await begin();
    const back = await good(stateOf(own));
    expect(await comeBack(api, back)).toBe('/integrations?error=install_state_invalid');
    expect(fixture.githubApp.asked).toEqual(['about']);
    // The true one is not touched by it.
    expect(await comeBack(api, { ...back, state: own })).toBe(`${RETURN}&github_install=success`);
  });

  it('absent, alone or with all the rest', async () => {
    const rest = without('state')(await good(''));
    for (const back of ['', rest, { setup_action: 'request' }, { error: 'access_denied' }]) {
      expect(await comeBack(api, back)).toBe('/integrations?error=install_state_invalid');
    }
  });

  it('given twice', async () => {
    const state = await begin();
    const query = new URLSearchParams([
      ['state', state],
      ['state', state],
      ...Object.entries(await good(state)),
    ]);
    expect(await comeBack(api, query.toString())).toBe('/integrations?error=install_state_invalid');
  });

  test.each([
    [10 * MINUTE_MS - 1000, `${RETURN}&github_install=success`],
    [10 * MINUTE_MS, '/integrations?error=install_state_invalid'],
    [24 * 60 * MINUTE_MS, '/integrations?error=install_state_invalid'],
  ])('after %d ms → %s, whether or not it has been swept', async (waitMs, location) => {
    const state = await begin();
    fixture.clock.offsetMs = waitMs;
    expect(await comeBack(api, await good(state))).toBe(location);
  });

  it('of many that come with one state at once, one goes on', async () => {
    const state = await begin();
    const backs = await Promise.all(Array.from({ length: 8 }, () => good(state)));
    const locations = await Promise.all(backs.map((back) => comeBack(api, back)));
    const won = locations.filter((location) => location === `${RETURN}&github_install=success`);
    expect(won).toHaveLength(1);
    expect(new Set(locations)).toEqual(
      new Set([`${RETURN}&github_install=success`, '/integrations?error=install_state_invalid']),
    );
    expect(fixture.githubApp.asked.filter((question) => question === 'administers')).toHaveLength(1);
    expect(await integrationsOf(api, token)).toHaveLength(1);
  });
});

describe('what is kept and said of a state', () => {
  it('is neither the state nor a part of it', async () => {
    const state = await begin();
    const stored = JSON.stringify(await fixture.items());
    for (const part of [state, ...state.split('.')]) expect(stored).not.toContain(part);
    await comeBack(api, await good(state));
    // Used: nothing of it is left.
    expect((await fixture.items()).filter(({ pk }) => String(pk).startsWith('INSTALL#'))).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ userId })]),
    );
    fixture.secrets.expectSafeLogs();
  });
});

describe('whose the integration is', () => {
  it('of the user who asked, whoever else comes back with a token of their own', async () => {
    const back = await good(await begin());
    const other = await api.token('somebody-else');
    const query = new URLSearchParams(back).toString();
    const answer = await api.call('GET', `/v1/integrations/github/callback?${query}`, { token: other });
    expect(answer.status).toBe(302);
    expect(await integrationsOf(api, other)).toEqual([]);
    expect(await integrationsOf(api, token)).toHaveLength(1);
  });

  it('of the organisation that was named, as things stood when it was asked for', async () => {
    const org = `org-${userId}`;
    token = await api.token(userId, [org]);
    const back = await good(await begin({ return: RETURN, orgId: org }));
    // The user has left it since: that ends what they see, and not what they began for it.
    token = await api.token(userId);
    expect(await comeBack(api, back)).toBe(`${RETURN}&github_install=success`);
    const member = await api.token('a-member', [org]);
    const seen = async (bearer: string): Promise<unknown> =>
      (await api.call('GET', '/v1/integrations', { token: bearer })).body;
    expect(await seen(member)).toMatchObject({ items: [{ orgId: org }] });
    expect(await seen(token)).toMatchObject({ items: [] });
  });

  it('of the first who claimed it; who has it may come again, and others once it is gone', async () => {
    const first = await good(await begin());
    expect(await comeBack(api, first)).toContain('success');
    const otherToken = await api.token(`${userId}-other`);
    const another = async (): Promise<string> => {
      const state = await wayOf(api, otherToken).begin({ return: '/other#top' });
      return comeBack(api, { ...first, state, code: fixture.githubApp.codeOf(userId) });
    };
    expect(await another()).toBe('/other?error=installation_already_claimed#top');
    expect(await integrationsOf(api, otherToken)).toEqual([]);

    fixture.githubApp.change(Number(first.installation_id), { selection: 'selected' });
    const again = {
      ...first,
      state: await begin(),
      code: fixture.githubApp.codeOf(userId),
      setup_action: 'update',
    };
    expect(await comeBack(api, again)).toContain('success');
    expect((await api.call('GET', '/v1/integrations', { token })).body).toMatchObject({
      items: [{ selection: 'selected' }],
    });

    await fixture.integrations.setState(
      integrationIdOf(Number(first.installation_id)),
      'deleted',
      fixture.now(),
    );
    expect(await integrationsOf(api, token)).toEqual([]);
    expect(await another()).toBe('/other?github_install=success#top');
    expect(await integrationsOf(api, otherToken)).toHaveLength(1);
    expect(await integrationsOf(api, token)).toEqual([]);
  });
});

describe('incident #3119: the way back from GitHub drops the user out of onboarding', () => {
  const page = '/gastown/onboarding?step=repo';
  it.each([
    [page, `${page}&github_install=success`],
    [`${page}&orgId=acme`, `${page}&orgId=acme&github_install=success`],
    ['/gastown/onboarding', '/gastown/onboarding?github_install=success'],
    [`${page}#repositories`, `${page}&github_install=success#repositories`],
    ['', '/integrations?github_install=success'],
    ['//evil.example', '/integrations?github_install=success'],
    ['/%5cevil.example', '/integrations?github_install=success'],
    ['https://evil.example/', '/integrations?github_install=success'],
  ])('who began at "%s" goes on at %s', async (path, location) => {
    expect(await comeBack(api, await good(await begin({ return: path })))).toBe(location);
  });

  it('also after an error, and the second try of the same page shows one outcome', async () => {
    const failed = await comeBack(api, { state: await begin() });
    expect(failed).toBe(`${page}&error=missing_installation_id`);
    expect(await comeBack(api, await good(await begin({ return: failed })))).toBe(
      `${page}&github_install=success`,
    );
  });
});
