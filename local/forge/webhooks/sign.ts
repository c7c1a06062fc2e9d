import { createHmac } from 'node:crypto';

/** `X-Hub-Signature-256` of a body. */
export const signatureOf = (secret: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
