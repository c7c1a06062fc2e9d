import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { ServiceError } from './service-error.ts';
import type { Service } from './service.ts';
import type { Body } from './wire.ts';

/** Source: "Quotas" of the developer guide. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
const TARGET_PREFIX = 'DynamoDB_20120810.';
const CONTENT_TYPE = 'application/x-amz-json-1.0';

const jsonObject = z.record(z.string(), z.unknown());

/** DynamoDB's JSON protocol over HTTP on `host`. Any AWS signature is accepted; a request without one is not. */
export function createHttpServer(service: Service, host: string): Server {
  return createServer((request, response) => {
    respond(service, host, request, response).catch((error: unknown) => {
      // The connection is gone: there is nobody to tell.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
}

async function respond(
  service: Service,
  host: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    assertMeant(request, host);
    send(response, 200, await answer(service, request));
  } catch (error) {
    if (error instanceof ServiceError) return send(response, error.statusCode, error.toBody());
    const message = error instanceof Error ? error.message : 'unexpected error';
    send(response, 500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message });
  }
  return undefined;
}

/** A page whose host name resolves to this machine would pass for our own origin: only addresses and our own names are. */
function assertMeant(request: IncomingMessage, host: string): void {
  const name = URL.parse(`http://${request.headers.host ?? ''}`)?.hostname ?? '';
  if (name === 'localhost' || name === host || isIP(name.replace(/^\[|\]$/g, '')) !== 0) return;
  throw new ServiceError(
    'com.amazon.coral.service#AccessDeniedException',
    'this server is not known by that name',
  );
}

async function answer(service: Service, request: IncomingMessage): Promise<Body> {
  const text = await readText(request);
  const target = request.headers['x-amz-target'];
  // A web page cannot send this header to another origin without asking first, and it is never answered.
  if (request.method !== 'POST' || typeof target !== 'string' || !target.startsWith(TARGET_PREFIX)) {
    throw new ServiceError('com.amazon.coral.service#UnknownOperationException', 'not a DynamoDB request');
  }
  if (!request.headers.authorization?.startsWith('AWS4-')) {
    throw new ServiceError(
      'com.amazon.coral.service#MissingAuthenticationTokenException',
      'Request is missing Authentication Token',
    );
  }
  return service(target.slice(TARGET_PREFIX.length), parseBody(text));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    // No encoding is set on the request, so chunks are buffers.
    const data = chunk as Buffer;
    bytes += data.byteLength;
    if (bytes > MAX_REQUEST_BYTES) {
      throw new ServiceError(
        'com.amazon.coral.service#RequestEntityTooLarge',
        'request is too large',
        {},
        413,
      );
    }
    chunks.push(data);
  }
  return Buffer.concat(chunks).toString();
}

function parseBody(text: string): Body {
  try {
    return jsonObject.parse(JSON.parse(text));
  } catch {
    throw new ServiceError(
      'com.amazon.coral.service#SerializationException',
      'the request is not a JSON object',
    );
  }
}

function send(response: ServerResponse, statusCode: number, body: Body): void {
  const text = JSON.stringify(body);
  response
    .writeHead(statusCode, {
      'content-type': CONTENT_TYPE,
      'content-length': Buffer.byteLength(text),
      'x-amzn-requestid': randomUUID(),
      'x-amz-crc32': crc32(text),
    })
    .end(text);
}
