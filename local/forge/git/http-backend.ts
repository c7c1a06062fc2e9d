import { spawn } from 'node:child_process';
import type { IncomingHttpHeaders } from 'node:http';
import { gitEnvironment } from './run.ts';

const TIMEOUT_MS = 60_000;

export interface BackendRequest {
  readonly method: string;
  /** Below the root: `/acme/app.git/info/refs`. */
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly login: string;
}

export interface BackendAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Git's own smart HTTP server, as a CGI program. */
export function runHttpBackend(root: string, request: BackendRequest): Promise<BackendAnswer> {
  return new Promise((resolve, reject) => {
    const backend = spawn('git', ['http-backend'], {
      timeout: TIMEOUT_MS,
      env: {
        ...gitEnvironment(root),
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: request.path,
        QUERY_STRING: request.query,
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'],
        CONTENT_LENGTH: `${request.body.length}`,
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: request.login,
      },
    });
    const chunks: Buffer[] = [];
    backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    // Its log; without a reader the pipe fills.
    backend.stderr.resume();
    backend.stdin.on('error', () => {});
    backend.stdin.end(request.body);
    backend.once('error', reject);
    backend.once('close', () => resolve(parseAnswer(Buffer.concat(chunks))));
  });
}

function parseAnswer(output: Buffer): BackendAnswer {
  const end = output.indexOf('\r\n\r\n');
  if (end < 0) return { status: 500, headers: {}, body: Buffer.alloc(0) };
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of output.subarray(0, end).toString('latin1').split('\r\n')) {
    const [name = '', value = ''] = line.split(': ', 2);
    if (name === 'Status') status = Number.parseInt(value, 10);
    else headers[name.toLowerCase()] = value;
  }
  return { status, headers, body: output.subarray(end + 4) };
}
