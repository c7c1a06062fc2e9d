import type { IncomingMessage } from 'node:http';
import { relative } from 'node:path';
import { requireRead, requireWrite, type Access } from '../access.ts';
import { runHttpBackend } from '../git/http-backend.ts';
import { noticeMovedRefs } from '../pull-requests/moved-refs.ts';
import { Refusal } from '../refusal.ts';
import { findRenamed, findRepository, type World } from '../world.ts';
import type { Answer } from './answer.ts';

const GIT_PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export interface GitCall {
  readonly owner: string;
  readonly name: string;
  readonly service: string;
  readonly operation: 'git receive-pack' | 'git upload-pack' | 'git info/refs';
}

/** Undefined: the path is none of git's. */
export function readGitCall(url: URL): GitCall | undefined {
  const [, owner = '', name = '', service = ''] = GIT_PATH.exec(url.pathname) ?? [];
  if (service === '') return undefined;
  const word = service === 'info/refs' ? service : service.slice('git-'.length);
  return { owner, name, service, operation: `git ${word}` as GitCall['operation'] };
}

const text = (status: number, body: string, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers: { 'content-type': 'text/plain', ...headers },
  body,
});

/** Serves clones, fetches and pushes; after a push everything that depends on heads is up to date before the answer. */
export async function answerGit(
  world: World,
  access: Access,
  call: GitCall,
  { request, url, body }: { request: IncomingMessage; url: URL; body: Buffer },
): Promise<Answer> {
  const { owner, name, service } = call;
  const isPush = service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  try {
    const actor = await access.authenticate(request.headers.authorization);
    const challenge = { headers: { 'www-authenticate': 'Basic realm="GitHub"' } };
    const repository = findRepository(world, owner, name);
    const renamed = repository === undefined ? findRenamed(world, owner, name) : undefined;
    const wanted = repository ?? renamed;
    // Who says nothing is asked who they are, also where there is nothing: names of private repositories are no secret to be guessed.
    if (actor.kind === 'anonymous' && (isPush || wanted?.isPrivate !== false))
      throw new Refusal(401, 'Authentication required', challenge);
    if (wanted === undefined) throw new Refusal(404, 'Repository not found.');
    if (isPush) requireWrite(wanted, actor);
    else requireRead(wanted, actor);
    if (renamed !== undefined) {
      const to = `/${renamed.owner}/${renamed.name}.git/${service}${url.search}`;
      return text(301, '', { location: `${world.urls.web}${to}` });
    }
    const answer = await runHttpBackend(world.directory, {
      method: request.method ?? 'GET',
      path: `/${relative(world.directory, wanted.directory)}/${service}`,
      query: url.search.slice(1),
      headers: request.headers,
      body,
      login: actor.login,
    });
    if (service === 'git-receive-pack') await noticeMovedRefs(world, wanted, actor.login);
    return answer;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const headers = error.status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
    return text(error.status, `${error.message}\n`, { ...headers, ...error.headers });
  }
}
