import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { gitCredentialsAnswer } from '../../../core/protocol/credentials.ts';
import { createSampleRepository } from '../../../local/demo/sample-repository.ts';
import { commitIdentity } from '../../../task-image/git/commit-identity.ts';
import { openMirror } from '../../../task-image/git/mirror.ts';
import { createMirrors } from '../../../task-image/git/mirrors.ts';
import { saveWorkInProgress } from '../../../task-image/git/save-work.ts';
import { prepareAgentWorktree } from '../../../task-image/git/worktree.ts';
import { runGate } from '../../../task-image/jobs/gate.ts';
import { startFixture, type Fixture } from '../api/fixture.ts';
import { startingTown } from '../container-api/supervisor.ts';
import { temporaryDirectory } from '../git/fixture.ts';
import { serveHttps, type HttpsRemote } from '../git/https-remote.ts';
import { CANARIES } from './canaries.ts';

/** What settings do to real commits, real gates and a real remote. */

let root: string;
let remote: HttpsRemote;
beforeAll(async () => {
  root = await temporaryDirectory();
  await createSampleRepository(root);
  remote = await serveHttps(root);
  process.env['GIT_SSL_CAINFO'] = remote.certificateFile;
});
afterAll(async () => {
  delete process.env['GIT_SSL_CAINFO'];
  await remote.close();
  await rm(root, { recursive: true, force: true });
});

const OWN = 'Toast (gastown) <Toast@gastown.local>';
const COAUTHOR = `Co-authored-by: ${OWN}`;
const ANN = { name: 'Ann', email: 'ann@example.org' };

describe.each([
  { wanted: undefined, author: OWN, trailers: '' },
  { wanted: { ...ANN, hasCoauthor: true }, author: 'Ann <ann@example.org>', trailers: COAUTHOR },
  { wanted: { ...ANN, hasCoauthor: false }, author: 'Ann <ann@example.org>', trailers: '' },
  { wanted: { name: 'Ann', hasCoauthor: true }, author: 'Ann <Toast@gastown.local>', trailers: COAUTHOR },
])('commits by $author with "$trailers"', ({ wanted, author, trailers }) => {
  it('of an agent, and what is saved for it', async () => {
    const home = await temporaryDirectory();
    const rig = { rigId: 'rig-1', gitUrl: join(root, 'sample.git'), defaultBranch: 'main' };
    const mirror = await openMirror({ workDir: home, rig, allowLocal: true });
    const directory = join(home, 'worktree');
    const identity = commitIdentity('Toast', wanted);
    const names = { agentId: 'polecat-1', agentName: 'Toast', branch: `gt/${home.split('-').at(-1)}` };
    const request = { mirror, ...names, identity, base: 'main', createBaseFrom: 'main', directory };
    await prepareAgentWorktree(request);
    const git = async (...args: string[]) => (await execa('git', args, { cwd: directory })).stdout;
    await writeFile(join(directory, 'one.txt'), 'one\n');
    await git('add', '--all');
    await git('commit', '--quiet', '-m', 'Add one');
    await git('commit', '--quiet', '--amend', '--no-edit');
    const last = () => git('log', '-1', '--format=%an <%ae>|%cn <%ce>|%(trailers:only,unfold)');
    expect((await last()).trim()).toBe(`${author}|${author}|${trailers}`);
    await writeFile(join(directory, 'two.txt'), 'two\n');
    await saveWorkInProgress({ mirror, agentName: 'Toast', identity, branch: names.branch, directory });
    expect((await last()).trim()).toBe(`${author}|${author}|${trailers}`);
    await rm(home, { recursive: true, force: true });
  });
});

it('a gate sees the variables, cannot be given another path, and its output hides them', async () => {
  const scratch = join(root, 'scratch');
  await mkdir(scratch, { recursive: true });
  const outcome = await runGate({
    command: 'echo "token $TEST_TOKEN in $PATH"; exit 3',
    directory: root,
    scratch,
    timeoutMs: 10_000,
    variables: { TEST_TOKEN: CANARIES.variable, PATH: '/nowhere' },
    secrets: [CANARIES.variable],
    signal: new AbortController().signal,
  });
  expect(outcome).toMatchObject({ outcome: 'failed', exitCode: 3 });
  expect(outcome).toHaveProperty('outputTail', expect.stringContaining('token [redacted] in '));
  expect(outcome).toHaveProperty('outputTail', expect.not.stringContaining('/nowhere'));
});

describe('a private repository', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  it('is opened with the town’s token, also with a new one that was set since', async () => {
    const { origin } = new URL(remote.url('sample.git'));
    const config = { gitAuth: { gitlabInstanceUrl: origin, gitlabToken: CANARIES.gitlabToken } };
    const { supervisor, path, token } = await startingTown(fixture, 'owner', config);
    await supervisor.bootstrap();
    const rig = { name: 'private', gitUrl: remote.url('sample.git') };
    const made = await fixture.call('POST', `${path}/rigs`, { token, body: rig });
    const { id } = z.looseObject({ id: z.string() }).parse(made.body);
    const workDir = await temporaryDirectory();
    const mirrors = createMirrors({
      workDir,
      allowLocal: false,
      credentialsFor: (rigId) => async () => {
        const call = { token: supervisor.token, body: { rigId } };
        const { body } = await fixture.call('POST', '/v1/container/git-credentials', call);
        return gitCredentialsAnswer.parse(body).credentials;
      },
    });
    mirrors.setRigs([{ rigId: id, gitUrl: rig.gitUrl, defaultBranch: 'main' }]);
    remote.accept(`oauth2:${CANARIES.gitlabToken}`);
    const mirror = await mirrors.mirrorFor(id);
    remote.accept('oauth2:another-token-of-the-test');
    await expect(mirror.fetch()).rejects.toMatchObject({ kind: 'auth' });
    const body = { gitAuth: { gitlabToken: 'another-token-of-the-test' } };
    expect((await fixture.call('PATCH', `${path}/config`, { token, body })).status).toBe(200);
    await mirror.fetch();
    const found = await execa('grep', ['-rlE', '-e', 'canary|another-token', workDir], { reject: false });
    expect(found.stdout).toBe('');
    await rm(workDir, { recursive: true, force: true });
  });
});
