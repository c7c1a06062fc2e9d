import type { buildApp } from 'fauxqs';
import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';

const receiveRequest = z.looseObject({ QueueUrl: z.string() });
const receiveAnswer = z.looseObject({
  Messages: z.array(z.looseObject({ ReceiptHandle: z.string() })).optional(),
});

/**
 * A long poll whose client has gone stays in the server until its time is over, and would swallow the next message until
 * that message's visibility timeout. Here such an answer gives its messages back at once; it still counts as a receive.
 */
export function releaseAbandonedMessages(app: ReturnType<typeof buildApp>): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const isReceive = request.headers['x-amz-target'] === 'AmazonSQS.ReceiveMessage';
    if (!isReceive || typeof payload !== 'string') {
      return payload;
    }
    // The client may have hung up in the same turn of the event loop in which a message came: let that be seen first.
    await setImmediate();
    await setImmediate();
    if (!reply.raw.destroyed) {
      return payload;
    }
    const asked = receiveRequest.safeParse(request.body);
    const answer = receiveAnswer.safeParse(JSON.parse(payload));
    if (asked.success && answer.success) {
      // Last first: each goes back to the front of its queue.
      for (const message of (answer.data.Messages ?? []).reverse()) {
        await app.inject({
          method: 'POST',
          url: '/',
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': 'AmazonSQS.ChangeMessageVisibility',
          },
          payload: JSON.stringify({
            QueueUrl: asked.data.QueueUrl,
            ReceiptHandle: message.ReceiptHandle,
            VisibilityTimeout: 0,
          }),
        });
      }
    }
    return payload;
  });
}
