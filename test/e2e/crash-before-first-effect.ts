import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';

/**
 * Loaded before the demo: ends it by SIGKILL when the first effect is about to be sent. The commit that asked for the effect
 * is in the table, the message is not in the queue.
 */
const send = SQSClient.prototype.send;
SQSClient.prototype.send = function (this: SQSClient, ...args: unknown[]): unknown {
  if (args[0] instanceof SendMessageBatchCommand) process.kill(process.pid, 'SIGKILL');
  return Reflect.apply(send, this, args);
} as typeof send;
