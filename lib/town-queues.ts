import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Receives after which a message goes to the dead-letter queue (design section 5, step 6). */
const MAX_RECEIVE_COUNT = 5;
/** The longest that SQS keeps a message. */
const DEAD_LETTER_DAYS = 14;
const SAFE: QueueProps = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

/** As long as one message may take: the functions that are fed by these queues end within it. */
export const TOWN_EVENTS_VISIBILITY = Duration.seconds(60);
export const EFFECTS_VISIBILITY = Duration.minutes(15);

/** The town queue, one message group a town, and the queue of effects; each with its dead letters. Local mode makes the same. */
export class TownQueues extends Construct {
  readonly townEvents: Queue;
  readonly effects: Queue;
  /** Sweeps that failed, or could not be started. */
  readonly sweepDeadLetters: Queue;
  /** Looks for lost webhooks that failed, or could not be started. */
  readonly redeliveryDeadLetters: Queue;
  /** Ends of tasks that no town could be told of. */
  readonly taskStateDeadLetters: Queue;
  /** Audits of the fleet that failed, or could not be started. */
  readonly auditDeadLetters: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const fifo: QueueProps = {
      fifo: true,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
    };
    this.townEvents = this.#withDeadLetters(
      'TownEvents',
      {
        ...fifo,
        visibilityTimeout: TOWN_EVENTS_VISIBILITY,
      },
      fifo,
    );
    this.effects = this.#withDeadLetters('Effects', { visibilityTimeout: EFFECTS_VISIBILITY });
    this.sweepDeadLetters = this.#deadLetters('Sweep');
    this.redeliveryDeadLetters = this.#deadLetters('Redelivery');
    this.taskStateDeadLetters = this.#deadLetters('TaskState');
    this.auditDeadLetters = this.#deadLetters('Audit');
  }

  #withDeadLetters(id: string, props: QueueProps, deadLetterProps: QueueProps = {}): Queue {
    const queue = this.#deadLetters(id, deadLetterProps);
    const deadLetterQueue = { queue, maxReceiveCount: MAX_RECEIVE_COUNT };
    return new Queue(this, id, { ...SAFE, ...props, deadLetterQueue });
  }

  #deadLetters(id: string, props: QueueProps = {}): Queue {
    const retentionPeriod = Duration.days(DEAD_LETTER_DAYS);
    return new Queue(this, `${id}DeadLetters`, { ...SAFE, ...props, retentionPeriod });
  }
}

/** Leave to send, and nothing else. */
export const sendTo = (queue: Queue): PolicyStatement =>
  new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] });
