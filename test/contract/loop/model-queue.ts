import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { minutes } from '../../../core/town/instant.ts';
import type { Random, VirtualTime } from './virtual-time.ts';

export interface Sent {
  readonly body: string;
  readonly group: string;
  readonly dedupId?: string | undefined;
}
/** When the copies of a message arrive, in milliseconds from now; none: it is lost. */
export type Delivery = (message: Sent) => readonly number[];

interface Message extends Sent {
  readonly id: string;
  readonly order: number;
  visibleAt: number;
  receives: number;
}

export interface ModelQueueOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly isFifo: boolean;
  readonly visibilityMs: number;
  readonly delivery?: Delivery | undefined;
  /** `killed`: the function did not come back; its messages show up again when their time is over. */
  readonly consume: (event: SQSEvent) => Promise<SQSBatchResponse | 'killed'>;
}

const DEDUP_MS = minutes(5);
const BATCH = 10;
const MAX_RECEIVES = 5;
const LATENCY_MS = 50;

/**
 * An SQS queue with its event source: groups, deduplication, redelivery, partial failures, a dead-letter queue. What may go wrong
 * with a message is said by its delivery; which group comes first is drawn by lot.
 */
export class ModelQueue {
  sent = 0;
  readonly dead: Sent[] = [];

  /** Messages that are neither taken nor given up. */
  get waiting(): number {
    return this.#messages.length;
  }

  readonly #options: ModelQueueOptions;
  readonly #deduplicated = new Map<string, number>();
  #messages: Message[] = [];
  #count = 0;

  constructor(options: ModelQueueOptions) {
    this.#options = options;
  }

  send(message: Sent): void {
    const { time, delivery = () => [LATENCY_MS] } = this.#options;
    this.sent += 1;
    const { dedupId } = message;
    if (dedupId !== undefined) {
      const before = this.#deduplicated.get(dedupId);
      if (before !== undefined && time.now - before < DEDUP_MS) return;
      this.#deduplicated.set(dedupId, time.now);
    }
    for (const afterMs of delivery(message)) {
      this.#count += 1;
      const visibleAt = time.now + afterMs;
      this.#messages.push({
        ...message,
        id: `message-${this.#count}`,
        order: this.#count,
        visibleAt,
        receives: 0,
      });
      time.after(afterMs, () => this.#receive());
    }
  }

  /** Changes when a message that is being handled shows up again. */
  delay(messageId: string, seconds: number): void {
    const message = this.#messages.find(({ id }) => id === messageId);
    if (message !== undefined) message.visibleAt = this.#options.time.now + seconds * 1000;
  }

  async #receive(): Promise<void> {
    const { time, consume, visibilityMs } = this.#options;
    const batch = this.#batch();
    if (batch.length === 0) return;
    for (const message of batch) {
      message.receives += 1;
      message.visibleAt = time.now + visibilityMs;
    }
    const result = await consume({ Records: batch.map(recordOf) }).catch(() => 'killed' as const);
    const failed =
      result === 'killed'
        ? batch.map(({ id }) => id)
        : result.batchItemFailures.map((item) => item.itemIdentifier);
    const gone = new Set(batch.filter(({ id }) => !failed.includes(id)));
    this.#messages = this.#messages.filter((message) => {
      if (gone.has(message)) return false;
      if (message.receives < MAX_RECEIVES || message.visibleAt <= time.now) return true;
      this.dead.push(message);
      return false;
    });
    for (const message of batch) {
      if (!gone.has(message)) time.after(message.visibleAt - time.now, () => this.#receive());
    }
    if (this.#batch().length > 0) time.after(1, () => this.#receive());
  }

  /** At most ten that are visible; of a group only from its front, and none while one of it is being handled. */
  #batch(): Message[] {
    const { time, random, isFifo } = this.#options;
    const groups = new Map<string, Message[]>();
    const blocked = new Set<string>();
    const inOrder = this.#messages.toSorted((a, b) => a.order - b.order);
    for (const message of inOrder) {
      const group = isFifo ? message.group : message.id;
      if (message.visibleAt > time.now) {
        if (message.receives > 0) blocked.add(group);
      } else groups.set(group, [...(groups.get(group) ?? []), message]);
    }
    const lots = [...groups]
      .filter(([group]) => !blocked.has(group))
      .map((entry) => ({ entry, lot: random() }));
    lots.sort((a, b) => a.lot - b.lot);
    return lots.flatMap(({ entry: [, messages] }) => messages).slice(0, BATCH);
  }
}

const recordOf = ({ id, body, group, receives }: Message): SQSRecord => ({
  messageId: id,
  receiptHandle: id,
  body,
  attributes: {
    ApproximateReceiveCount: `${receives}`,
    SentTimestamp: '0',
    SenderId: 'model',
    ApproximateFirstReceiveTimestamp: '0',
    MessageGroupId: group,
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:model',
  awsRegion: 'eu-central-1',
});
