import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from '../api/client.ts';
import { expectRefusal, startApi, type Api } from './api.ts';
import { populatedTown, type PopulatedTown } from './populated-town.ts';

/** What only looks like a good value: it would do its harm in a terminal, on a command line or in git. */
describe('values with a second meaning', () => {
  let api: Api;
  let town: PopulatedTown;
  beforeAll(async () => {
    api = await startApi();
    town = await populatedTown(api, 'owner');
  });
  afterAll(() => api.close());

  const BRANCHES = [
    ['an option', '--upload-pack=touch /tmp/x'],
    ['a dash', '-f'],
    ['another kind of ref', 'refs/pull/1/head'],
    ['the head', 'HEAD'],
    ['a reflog', 'main@{1}'],
    ['a range', 'main..other'],
    ['a refspec', '+main:other'],
    ['a pattern', 'feature/*'],
    ['a parent', 'main^'],
    ['a lock', 'main.lock'],
    ['a hidden part', 'a/.git'],
    ['an empty part', 'a//b'],
    ['the end of a path', 'a/'],
    ['two lines', 'main\nother'],
    ['a space', 'ma in'],
  ] as const;
  const URLS = [
    ['two lines', 'https://example.com/a.git\nhost=evil.example'],
    ['a line break that a parser skips', 'https://exa\nmple.com/a.git'],
    ['a tab', 'https://example.com/\ta.git'],
    ['a space', 'https://example.com/a b.git'],
    ['an escape', '/srv/git/\u001b[2Ja.git'],
    ['another transport', 'ext::sh -c "touch /tmp/x"'],
    ['an option', '--upload-pack=touch'],
    ['a password', 'https://user:canary-password@example.com/a.git'],
  ] as const;
  const LINES = [
    ['two lines', 'a\nb'],
    ['a line break of old', 'a\rb'],
    ['an escape', '\u001b[2J\u001b]0;a\u0007'],
    ['a deletion', 'a\u007f'],
    ['a control of the second kind', 'a\u009bb'],
  ] as const;

  it('are refused with their field, and nothing is written', async () => {
    const { path, ids, token } = town;
    const { rigId, beadId, convoyId } = ids;
    const rig = { name: 'other', gitUrl: '/srv/git/other.git' };
    const rows = [
      ...BRANCHES.flatMap(([what, defaultBranch]) => [
        { what, at: 'defaultBranch', method: 'POST', to: '/rigs', body: { ...rig, defaultBranch } },
        { what, at: 'defaultBranch', method: 'PATCH', to: `/rigs/${rigId}`, body: { defaultBranch } },
      ]),
      ...URLS.flatMap(([what, gitUrl]) => [
        { what, at: 'gitUrl', method: 'POST', to: '/rigs', body: { ...rig, gitUrl } },
        { what, at: 'gitUrl', method: 'PATCH', to: `/rigs/${rigId}`, body: { gitUrl } },
      ]),
      ...LINES.flatMap(([what, text]) => [
        { what, at: 'name', method: 'POST', to: '/rigs', body: { ...rig, name: text } },
        { what, at: 'title', method: 'POST', to: '/beads', body: { rigId, title: text } },
        {
          what,
          at: 'labels.1',
          method: 'POST',
          to: '/beads',
          body: { rigId, title: 'a', labels: ['a', text] },
        },
        { what, at: 'title', method: 'PATCH', to: `/beads/${beadId}`, body: { title: text } },
        { what, at: 'title', method: 'PATCH', to: `/convoys/${convoyId}`, body: { title: text } },
        {
          what,
          at: 'tasks.0.title',
          method: 'POST',
          to: '/convoys',
          body: { rigId, title: 'a', tasks: [{ title: text }] },
        },
      ]),
    ];
    api.fixture.secrets.add('canary-password');
    const before = await api.stored();
    for (const { what, at, method, to, body } of rows) {
      const answer = await api.call(method, path + to, { token, body });
      expectRefusal(`${what} as ${at}`, answer, '400 invalid_input');
      expect(expectProblem(answer).issues?.map((issue) => issue.path)).toEqual([at]);
      api.fixture.secrets.expectNoneIn(JSON.stringify(answer.body));
    }
    expect(await api.stored()).toEqual(before);
  });

  it('what the database cannot keep is refused in free fields too, however deep it is', async () => {
    const rows: readonly (readonly [what: string, metadata: string])[] = [
      ['a prototype', '{"a":{"__proto__":{"b":1}}}'],
      ['a constructor', '{"constructor":[]}'],
      ['a constructor that is called like a set', '{"a":[{"constructor":{"name":"Set"}}]}'],
      ['a number next to zero', '{"a":[5e-324]}'],
      ['a huge number', '{"a":{"b":1e200}}'],
      ['a number that overflows', '{"a":1e999}'],
      ['a NUL in a name', '{"a\\u0000":1}'],
      ['half of a character in a name', '{"a":{"\\ud800":1}}'],
      ['half of a character', '{"a":["\\udfff"]}'],
      ['too many levels', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`],
    ];
    const before = await api.stored();
    for (const [what, metadata] of rows) {
      const raw = `{"rigId":"${town.ids.rigId}","title":"a","metadata":${metadata}}`;
      const headers = { 'content-type': 'application/json' };
      const answer = await api.call('POST', `${town.path}/beads`, { token: town.token, raw, headers });
      expectRefusal(what, answer, '400 invalid_input');
      expect(expectProblem(answer).issues?.every(({ path }) => path.startsWith('metadata'))).toBe(true);
    }
    expect(await api.stored()).toEqual(before);
  });

  it('names and titles in any script are taken as they are', async () => {
    const { path, ids, token } = town;
    for (const title of [
      'Größe prüfen',
      '合計を表示',
      '👩‍💻 total 🛒',
      'سلة',
      'e\u0301',
      "'; DROP TABLE --",
      '${a} $(b) `c`',
    ]) {
      const body = { rigId: ids.rigId, title, held: true, labels: [title] };
      const answer = await api.call('POST', `${path}/beads`, { token, body });
      expect(answer).toMatchObject({ status: 201, body: { title, labels: [title] } });
    }
  });

  it('a list of wrong things is answered with a hundred issues at most', async () => {
    const body = { rigId: town.ids.rigId, title: 'a', labels: Array.from({ length: 60_000 }, () => 0) };
    const answer = await api.call('POST', `${town.path}/beads`, { token: town.token, body });
    expect(expectProblem(answer)).toMatchObject({ status: 400 });
    expect(expectProblem(answer).issues?.length).toBeLessThanOrEqual(100);
  });
});
