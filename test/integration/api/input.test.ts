import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, expectProblem, idOf } from './client.ts';
import { startFixture, type Fixture } from './fixture.ts';

describe('what a request may say', () => {
  let fixture: Fixture;
  let token: string;
  let path: string;
  let rigId: string;
  let townId: string;

  beforeAll(async () => {
    fixture = await startFixture();
    ({ token, path, rigId, townId } = await fixture.town('owner'));
  });
  afterAll(() => fixture.close());

  const post = (route: string, body: unknown) => fixture.call('POST', `${path}${route}`, { token, body });
  /** Sends it, and makes sure that nothing was written. */
  const refused = async (route: string, body: unknown, method = 'POST') => {
    const before = await fixture.items();
    const full = route.startsWith('/v1') ? route : `${path}${route}`;
    const answer = await fixture.call(method, full, { token, ...(body === undefined ? {} : { body }) });
    expect(await fixture.items(), `${route} wrote something`).toEqual(before);
    return answer;
  };
  const bead = (over: object) => ({ rigId, title: 'a bead', ...over });
  const task = (dependsOn: unknown[]) => ({ title: 'a task', dependsOn });
  const convoy = (over: object) => ({ rigId, title: 'a convoy', tasks: [{ title: 'one' }], ...over });
  const rig = (over: object) => ({ name: 'another', gitUrl: 'https://example.com/a/b.git', ...over });

  it('says where what is wrong stands', async () => {
    const long = 'x'.repeat(201);
    const rows: [string, unknown, string][] = [
      ['/v1/towns', { name: 'a', nmae: 'b' }, 'nmae'],
      ['/v1/towns', { name: '' }, 'name'],
      ['/v1/towns', { name: '   ' }, 'name'],
      ['/v1/towns', { name: 'x'.repeat(65) }, 'name'],
      ['/v1/towns', { name: 1 }, 'name'],
      ['/v1/towns', { name: 'a', config: { speed: 1 } }, 'config.speed'],
      ['/v1/towns', { name: 'a', config: { refinery: { autoMergee: true } } }, 'config.refinery.autoMergee'],
      ['/v1/towns', { name: 'a', config: { container: { cpu: 4 } } }, 'config.container.cpu'],
      [
        '/v1/towns',
        { name: 'a', config: { container: { sleepAfterMinutes: -1 } } },
        'config.container.sleepAfterMinutes',
      ],
      ['/v1/towns', null, ''],
      ['/v1/towns', [], ''],
      ['/v1/towns', 'a town', ''],
      ['/rigs', rig({ gitUrl: 7 }), 'gitUrl'],
      ['/rigs', rig({ url: 'x' }), 'url'],
      ['/rigs', rig({ config: { gates: [] } }), 'config.gates'],
      ['/rigs', rig({ config: { refinery: { gate: ['a'] } } }), 'config.refinery.gate'],
      ['/beads', bead({ title: long }), 'title'],
      ['/beads', bead({ prioritty: 'high' }), 'prioritty'],
      ['/beads', bead({ priority: 'urgent' }), 'priority'],
      ['/beads', bead({ labels: 'a' }), 'labels'],
      ['/beads', bead({ labels: ['a', ''] }), 'labels.1'],
      ['/beads', bead({ held: 'yes' }), 'held'],
      ['/beads', bead({ body: 'ü'.repeat(32 * 1024 + 1) }), 'body'],
      ['/beads', bead({ dependsOn: [1] }), 'dependsOn.0'],
      ['/beads', bead({ dependsOn: ['x'.repeat(3000)] }), 'dependsOn.0'],
      ['/beads', bead({ dependsOn: [''] }), 'dependsOn.0'],
      ['/beads', bead({ metadata: 'text' }), 'metadata'],
      ['/beads', bead({ metadata: { a: 'x'.repeat(20_000) } }), 'metadata'],
      ['/beads', bead({ metadata: { a: 1e300 } }), 'metadata'],
      ['/beads', bead({ metadata: { a: { b: [Number.MAX_SAFE_INTEGER + 2] } } }), 'metadata'],
      [
        '/beads',
        bead({ metadata: { a: JSON.parse('['.repeat(40) + ']'.repeat(40)) as unknown } }),
        'metadata',
      ],
      ['/beads', { title: 'no rig' }, 'rigId'],
      ['/convoys', convoy({ tasks: [] }), 'tasks'],
      ['/convoys', convoy({ tasks: Array.from({ length: 51 }, () => ({ title: 'x' })) }), 'tasks'],
      ['/convoys', convoy({ tasks: [{ title: 'a', priority: 'high' }] }), 'tasks.0.priority'],
      ['/convoys', convoy({ mergeMode: 'yolo' }), 'mergeMode'],
      ['/convoys', convoy({ tasks: [task([1])] }), 'tasks.0.dependsOn'],
      ['/convoys', convoy({ tasks: [task([0])] }), 'tasks.0.dependsOn'],
      ['/convoys', convoy({ tasks: [task([-1])] }), 'tasks.0.dependsOn.0'],
      ['/convoys', convoy({ tasks: [task([0.5]), task([])] }), 'tasks.0.dependsOn.0'],
      ['/convoys', convoy({ tasks: [task([1]), task([2]), task([0])] }), 'tasks.0, tasks.1, tasks.2'],
      ['/convoys', convoy({ tasks: [task([]), task([2]), task([1]), task([0])] }), 'tasks.1, tasks.2'],
    ];
    for (const [route, body, at] of rows) {
      const answer = await refused(route, body);
      const said = `${route} ${JSON.stringify(body).slice(0, 120)}`;
      expect(`${said}: ${codeOf(answer)}`).toBe(`${said}: 400 invalid_input`);
      const paths = expectProblem(answer).issues?.map((issue) => issue.path);
      expect(paths?.includes(at) === true ? at : `${said} ${String(paths)}`).toBe(at);
    }
  });

  it('refuses what is not JSON, and more than 256 KiB, on every route that takes a body', async () => {
    const before = await fixture.items();
    const held = idOf(await post('/beads', bead({ held: true })));
    const routes = ['/rigs', '/beads', '/convoys', `/beads/${held}/cancel`, `/beads/${held}/start`];
    for (const route of ['/v1/towns', ...routes.map((one) => `${path}${one}`)]) {
      for (const raw of ['{', '{"name":', 'name=a', '\u0000', '{"a":1}{', `{"name":"a"} x`]) {
        const answer = await fixture.call('POST', route, { token, raw });
        expect(`${route} ${raw}: ${codeOf(answer)}`).toBe(`${route} ${raw}: 400 invalid_input`);
      }
      const kib256 = JSON.stringify({ name: 'x'.repeat(256 * 1024 - 11) });
      expect(Buffer.byteLength(kib256)).toBe(256 * 1024);
      expect(codeOf(await fixture.call('POST', route, { token, raw: kib256 }))).toBe('400 invalid_input');
      const over = await fixture.call('POST', route, { token, raw: `${kib256} ` });
      expect(`${route}: ${codeOf(over)}`).toBe(`${route}: 413 too_large`);
      const notText = await fixture.call('POST', route, { token, raw: Uint8Array.of(0xff, 0xfe, 0x7b) });
      expect(codeOf(notText)).toBe('400 invalid_input');
    }
    expect((await fixture.items()).length).toBe(before.length + 1);
    expect((await fixture.live(townId)).inbox).toEqual([]);
  });

  it('a request far over the limit is answered, not cut off', async () => {
    const raw = 'x'.repeat(11 * 1024 * 1024);
    expect(codeOf(await fixture.call('POST', '/v1/towns', { token, raw }))).toBe('413 too_large');
  });

  it('statements take no unknown fields', async () => {
    const held = idOf(await post('/beads', bead({ held: true })));
    const staged = idOf(await post('/convoys', convoy({ staged: true })));
    for (const route of [`/beads/${held}/start`, `/convoys/${staged}/start`]) {
      const answer = await refused(route, { now: true });
      expect(expectProblem(answer)).toMatchObject({ status: 400, issues: [{ path: 'now' }] });
    }
    expect(codeOf(await refused(`/beads/${held}/cancel`, { as: 'gone' }))).toBe('400 invalid_input');
    expect(codeOf(await refused(`/beads/${held}/cancel`, undefined))).toBe('400 invalid_input');
  });

  it('takes https remotes, and paths in local mode; never credentials, SSH or another scheme', async () => {
    const rows: [string, 201 | 400][] = [
      ['https://github.com/owner/repository.git', 201],
      ['https://git.example.com:8443/a/b', 201],
      ['/srv/git/one.git', 201],
      ['file:///srv/git/two.git', 201],
      ['http://github.com/owner/repository.git', 400],
      ['git@github.com:owner/repository.git', 400],
      ['ssh://git@github.com/owner/repository.git', 400],
      ['git://github.com/owner/repository.git', 400],
      ['https://user@github.com/a/b.git', 400],
      ['https://user:secret@github.com/a/b.git', 400],
      ['https://:secret@github.com/a/b.git', 400],
      ['ext::sh -c touch% /tmp/x', 400],
      ['--upload-pack=touch /tmp/x', 400],
      ['relative/path', 400],
      ['https://', 400],
      ['', 400],
    ];
    for (const [index, [gitUrl, status]] of rows.entries()) {
      const before = await fixture.items();
      const answer = await post('/rigs', { name: `rig ${index}`, gitUrl });
      expect(`${gitUrl} ${answer.status}`).toBe(`${gitUrl} ${status}`);
      if (status === 201) continue;
      expect(expectProblem(answer).issues).toMatchObject([{ path: 'gitUrl' }]);
      // What is refused may hold a password: it is not said back.
      expect(JSON.stringify(answer.body)).not.toContain('secret');
      expect(await fixture.items()).toEqual(before);
    }
    expect(codeOf(await refused('/rigs', { name: 'rig 0', gitUrl: '/srv/git/three.git' }))).toBe(
      '409 conflict',
    );
  });

  it('limits are whole numbers from 1 to 200, on every list', async () => {
    const lists = ['/v1/towns', `${path}/rigs`, `${path}/beads`, `${path}/convoys`, `${path}/agents`];
    for (const list of [...lists, `${path}/merge-queue`, `${path}/events`]) {
      for (const limit of ['0', '-1', '201', '1.5', 'ten', '', '1,2', 'NaN', '1e400']) {
        const answer = await fixture.call('GET', `${list}?limit=${limit}`, { token });
        expect(`${list} ${limit}: ${codeOf(answer)}`).toBe(`${list} ${limit}: 400 invalid_input`);
        expect(expectProblem(answer).issues).toMatchObject([{ path: 'limit' }]);
      }
      for (const limit of ['1', '200']) {
        expect((await fixture.call('GET', `${list}?limit=${limit}`, { token })).status).toBe(200);
      }
    }
    for (const before of ['x', '1.5', '-1', '0', '1e300', 'NaN']) {
      const answer = await fixture.call('GET', `${path}/events?before=${before}`, { token });
      expect(`${before}: ${codeOf(answer)}`).toBe(`${before}: 400 invalid_input`);
    }
  });

  it('an id in the path may be anything: there is nothing under it', async () => {
    const odd = [
      '%20',
      '%00',
      '%',
      '%E0%A4%A',
      '..%2f..',
      'a%23b',
      '%F0%9F%8D%9E',
      "'; DROP--",
      'x'.repeat(3000),
    ];
    for (const id of odd) {
      const rows: [string, string][] = [
        ['GET', `/v1/towns/${id}`],
        ['GET', `/v1/towns/${id}/status`],
        ['GET', `${path}/beads/${id}`],
        ['POST', `${path}/beads/${id}/start`],
        ['GET', `${path}/convoys/${id}`],
        ['POST', `${path}/convoys/${id}/start`],
      ];
      for (const [method, route] of rows) {
        const answer = await refused(route, undefined, method);
        const said = `${method} ${route.slice(0, 90)}`;
        expect(`${said}: ${codeOf(answer)}`).toBe(`${said}: 404 not_found`);
      }
    }
    const why = await fixture.call('GET', `${path}/why?beadId=${'x'.repeat(3000)}`, { token });
    expect(why).toMatchObject({ status: 200, body: { items: [] } });
  });
});
