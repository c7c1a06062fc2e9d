import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface HttpsRemote {
  /** https://127.0.0.1:<port>/<repository> */
  url(repository: string): string;
  /** To be trusted through GIT_SSL_CAINFO. */
  certificateFile: string;
  /** user:password that is taken; changes as short-lived tokens do. */
  accept(userAndPassword: string): void;
  close(): Promise<void>;
}

/** One answer of the CGI: headers, an empty line, the body. */
function relay(output: Buffer, response: ServerResponse): void {
  const end = output.indexOf('\r\n\r\n');
  for (const line of output.subarray(0, end).toString('latin1').split('\r\n')) {
    const [name = '', value = ''] = line.split(': ', 2);
    if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.end(output.subarray(end + 4));
}

/** Git's own smart HTTP server behind TLS and basic authentication. */
export async function serveHttps(root: string): Promise<HttpsRemote> {
  const certificateFile = join(root, 'certificate.pem');
  const keyFile = join(root, 'key.pem');
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', keyFile, '-out', certificateFile];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files]);
  let accepted = '';

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const expected = `Basic ${Buffer.from(accepted).toString('base64')}`;
    if (request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    const { pathname, search } = new URL(request.url ?? '/', 'https://127.0.0.1');
    const backend = spawn('git', ['-c', 'http.receivepack=true', 'http-backend'], {
      env: {
        PATH: process.env['PATH'],
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'],
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: 'town',
      },
    });
    const chunks: Buffer[] = [];
    request.pipe(backend.stdin);
    backend.stdin.on('error', () => {});
    backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    backend.on('close', () => relay(Buffer.concat(chunks), response));
  };

  const [key, cert] = await Promise.all([readFile(keyFile), readFile(certificateFile)]);
  const server = createServer({ key, cert }, handle);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: (repository) => `https://127.0.0.1:${port}/${repository}`,
    certificateFile,
    accept(userAndPassword) {
      accepted = userAndPassword;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
