import {
  PostToConnectionCommand,
  type ApiGatewayManagementApiClient,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { TooLarge } from '../../../core/errors.ts';

/** API Gateway's largest frame. Source: quotas of WebSocket APIs. Larger things are announced and fetched. */
const MAX_FRAME_BYTES = 32 * 1024;

/** A connection is written down while it opens, and is answered with "gone" until it is open. */
export const OPENING_MS = 10_000;

export interface Frame {
  readonly topic: string;
  readonly type: string;
  readonly data: unknown;
}

/** @throws TooLarge for more than one frame holds */
export function frameText(frame: Frame): string {
  const text = JSON.stringify(frame);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_FRAME_BYTES) return text;
  throw new TooLarge(
    `A frame of ${bytes} bytes was to be sent; ${MAX_FRAME_BYTES} is the most. Send where to fetch it.`,
  );
}

/** The `@connections` call. `gone`: nobody is there any more, or not yet. @throws the SDK's errors */
export async function postFrame(
  api: ApiGatewayManagementApiClient,
  connectionId: string,
  text: string,
): Promise<'sent' | 'gone'> {
  try {
    await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: text }));
    return 'sent';
  } catch (error) {
    if (error instanceof Error && error.name === 'GoneException') return 'gone';
    throw error;
  }
}
