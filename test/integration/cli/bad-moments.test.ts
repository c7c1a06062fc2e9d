import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { startGateway, type Behaviour } from './gateway.ts';
import { gastown } from './gastown.ts';

const busy = { status: 503, retryAfter: '1' } as const;

describe('the command line when the API has bad moments', () => {
  let fixture: Fixture;
  let town: Awaited<ReturnType<Fixture['town']>>;
  beforeAll(async () => {
    fixture = await startFixture();
    town = await fixture.town('owner');
  });
  afterAll(() => fixture.close());

  interface Row {
    readonly situation: string;
    readonly words: readonly string[];
    readonly behaviours: readonly Behaviour[];
    readonly code: number;
    readonly requests: number;
    readonly error?: RegExp;
  }

  const rows: readonly Row[] = [
    {
      situation: 'busy for a moment',
      words: ['status'],
      behaviours: [busy, { status: 429 }],
      code: 0,
      requests: 4,
    },
    {
      situation: 'busy all the time',
      words: ['towns', 'list'],
      behaviours: Array.from({ length: 9 }, () => ({ status: 503 })),
      code: 1,
      requests: 4,
      error: /Service Unavailable[\s\S]*503/,
    },
    {
      situation: 'broken, which is not tried again',
      words: ['towns', 'list'],
      behaviours: [{ status: 500 }],
      code: 1,
      requests: 1,
      error: /500/,
    },
    {
      situation: 'an answer that is lost, of a question',
      words: ['towns', 'list'],
      behaviours: ['lose answer'],
      code: 0,
      requests: 2,
    },
    {
      situation: 'an answer that is lost, of a message: twice would be two',
      words: ['agents', 'nudge', '019b8d3d-4420-7d19-9e6f-0b1c7d316f06', 'hello'],
      behaviours: ['let through', 'lose answer'],
      code: 3,
      requests: 2,
      error: /connection broke/,
    },
  ];
  it.each(rows)('$situation', async ({ words, behaviours, code, requests, error = /^$/ }) => {
    const gateway = await startGateway(fixture.apiUrl, behaviours);
    try {
      const done = await gastown(words, { env: { GASTOWN_URL: gateway.url, GASTOWN_TOKEN: town.token } });
      expect(done.error).toMatch(error);
      expect([done.code, gateway.seen.length]).toEqual([code, requests]);
    } finally {
      gateway.close();
    }
  });

  it('makes one bead, though the answer was lost and the API was busy', async () => {
    const gateway = await startGateway(fixture.apiUrl, ['let through', 'let through', 'lose answer', busy]);
    try {
      const env = { GASTOWN_URL: gateway.url, GASTOWN_TOKEN: town.token };
      const { code, out } = await gastown(['sling', 'Just once', '--json'], { env });
      const { id } = JSON.parse(out) as { id: string };
      const sent = gateway.seen.filter(({ method }) => method === 'POST');
      expect([code, sent.length]).toEqual([0, 3]);
      expect(new Set(sent.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
      const { body } = await fixture.call('GET', `${town.path}/beads`, { token: town.token });
      expect(body).toMatchObject({ items: [{ id, title: 'Just once' }] });
    } finally {
      gateway.close();
    }
  });
});
