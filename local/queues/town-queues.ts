import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Receives after which a message goes to the dead-letter queue (design section 5, step 6). */
const MAX_RECEIVE_COUNT = 5;
const DLQ_RETENTION_SECONDS = 14 * 24 * 60 * 60;

export const TOWN_EVENTS_VISIBILITY_SECONDS = 60;
export const EFFECTS_VISIBILITY_SECONDS = 900;

export interface TownQueues {
  readonly townEventsUrl: string;
  readonly townEventsDlqUrl: string;
  readonly effectsUrl: string;
  readonly effectsDlqUrl: string;
}

/** Makes the queues of a deployment with the attributes that the stack gives them. May be called again: nothing changes. */
export async function createTownQueues(sqs: SQSClient): Promise<TownQueues> {
  const fifo = {
    FifoQueue: 'true',
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  };
  const townEventsDlqUrl = await create(sqs, 'town-events-dlq.fifo', {
    ...fifo,
    MessageRetentionPeriod: String(DLQ_RETENTION_SECONDS),
  });
  const effectsDlqUrl = await create(sqs, 'effects-dlq', {
    MessageRetentionPeriod: String(DLQ_RETENTION_SECONDS),
  });
  const townEventsUrl = await create(sqs, 'town-events.fifo', {
    ...fifo,
    VisibilityTimeout: String(TOWN_EVENTS_VISIBILITY_SECONDS),
    RedrivePolicy: await redriveTo(sqs, townEventsDlqUrl),
  });
  const effectsUrl = await create(sqs, 'effects', {
    VisibilityTimeout: String(EFFECTS_VISIBILITY_SECONDS),
    RedrivePolicy: await redriveTo(sqs, effectsDlqUrl),
  });
  return { townEventsUrl, townEventsDlqUrl, effectsUrl, effectsDlqUrl };
}

/** The queue's ARN. */
export async function queueArnOf(sqs: SQSClient, queueUrl: string): Promise<string> {
  const answer = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  const arn = answer.Attributes?.QueueArn;
  if (arn === undefined) {
    throw new Error(`SQS did not say the ARN of ${queueUrl}`);
  }
  return arn;
}

async function create(sqs: SQSClient, name: string, attributes: Record<string, string>): Promise<string> {
  const answer = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  if (answer.QueueUrl === undefined) {
    throw new Error(`SQS did not say the URL of ${name}`);
  }
  return answer.QueueUrl;
}

async function redriveTo(sqs: SQSClient, dlqUrl: string): Promise<string> {
  return JSON.stringify({
    deadLetterTargetArn: await queueArnOf(sqs, dlqUrl),
    maxReceiveCount: MAX_RECEIVE_COUNT,
  });
}
