import type { ServerResponse } from 'node:http';

export interface Answer {
  /** 0: the connection is cut instead. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | object | string | undefined;
}

const bytesOf = (body: Answer['body']): Buffer => {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
};

/** @param common what every answer has; an answer's own headers count more */
export function send(
  response: ServerResponse,
  answer: Answer,
  common: Readonly<Record<string, string>>,
): void {
  if (answer.status === 0) {
    response.destroy();
    return;
  }
  response.sendDate = false;
  response.writeHead(answer.status, { ...common, ...answer.headers });
  response.end(bytesOf(answer.body));
}
