import { setTimeout as delay } from 'node:timers/promises';
import PQueue from 'p-queue';
import { counterUuid } from '../ids.ts';
import { notFound } from '../refusal.ts';
import type { ForgeEvent } from '../state/event.ts';
import type { World } from '../world.ts';
import { payloadOf } from './payload.ts';
import { signatureOf } from './sign.ts';

/** GitHub waits so long for an answer. */
const ANSWER_TIMEOUT_MS = 10_000;
/** Deliveries that are remembered. */
const MAX_DELIVERIES = 500;

export interface WebhookOptions {
  readonly url: string;
  readonly secret: string;
}

/**
 * What becomes of a delivery. `lost`: it is listed as failed and never arrives. `doubled`: it arrives twice, as one delivery. `late`: after so
 * long by the forge's clock. `reordered`: after the one that follows. `forged`: somebody without the secret sends it.
 */
export type DeliveryBehaviour =
  | { readonly kind: 'lost' | 'doubled' | 'reordered' | 'forged' }
  | { readonly kind: 'late'; readonly ms: number };

export interface DeliveryRule {
  /** @default every event */
  readonly event?: ForgeEvent['name'];
  readonly action?: string;
  readonly behave: DeliveryBehaviour;
  /** @default 1 */
  readonly times?: number;
}

/** One attempt to deliver. */
export interface Delivery {
  readonly id: number;
  /** The same for every attempt: receivers tell repeats by it. */
  readonly guid: string;
  readonly event: ForgeEvent['name'];
  readonly action: string | undefined;
  readonly isRedelivery: boolean;
  readonly deliveredAt: number;
  /** In words: `OK`, or what went wrong. */
  readonly status: string;
  /** 0: no answer. */
  readonly statusCode: number;
  readonly body: string;
}

export interface Webhooks {
  /** Without options nobody is told any more. */
  configure(options: WebhookOptions | undefined): void;
  behave(rule: DeliveryRule): void;
  /** The last attempts, oldest first. */
  deliveries(): readonly Delivery[];
  /** Sends one again. @throws Refusal 404 */
  redeliver(id: number): void;
  /** Sends what is not signed by the secret. */
  forge(event: ForgeEvent['name'], payload: object): void;
  /** Until everything that is on its way has arrived. */
  settled(): Promise<void>;
}

interface Message {
  readonly guid: string;
  readonly event: ForgeEvent['name'];
  readonly action: string | undefined;
  readonly body: string;
  readonly secret: string;
  readonly isRedelivery: boolean;
}

const FORGED_SECRET = 'not the secret';

export function createWebhooks(
  world: World,
  initial: WebhookOptions | undefined,
  installationId: number,
): Webhooks {
  // One after the other: the order is the order in which things happened.
  const queue = new PQueue({ concurrency: 1 });
  let options = initial;
  let deliveries: Delivery[] = [];
  let rules: (DeliveryRule & { left: number })[] = [];
  let held: Message[] = [];

  const keep = (message: Message, status: string, statusCode: number): void => {
    const { guid, event, action, body, isRedelivery } = message;
    const id = world.ids.next('delivery');
    const deliveredAt = world.now();
    const delivery = { id, guid, event, action, isRedelivery, deliveredAt, status, statusCode, body };
    deliveries = [...deliveries.slice(-(MAX_DELIVERIES - 1)), delivery];
  };

  const post = async (message: Message): Promise<void> => {
    if (options === undefined) return;
    try {
      const response = await fetch(options.url, {
        method: 'POST',
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'GitHub-Hookshot/0000000',
          'x-github-event': message.event,
          'x-github-delivery': message.guid,
          'x-github-hook-installation-target-type': 'integration',
          'x-hub-signature-256': signatureOf(message.secret, message.body),
        },
        body: message.body,
      });
      await response.arrayBuffer();
      keep(message, response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`, response.status);
    } catch (error) {
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      keep(message, isLate ? 'timed out' : 'failed to connect to host', 0);
    }
  };
  const send = (message: Message): void => void queue.add(() => post(message));

  const ruleFor = ({ event, action }: Message): DeliveryBehaviour | undefined => {
    const rule = rules.find(
      (candidate) =>
        candidate.left > 0 && (candidate.event ?? event) === event && (candidate.action ?? action) === action,
    );
    if (rule === undefined) return undefined;
    rule.left -= 1;
    return rule.behave;
  };

  const dispatch = (message: Message): void => {
    const behave = ruleFor(message);
    if (behave?.kind === 'reordered') return void held.push(message);
    if (behave?.kind === 'lost') keep(message, 'failed to connect to host', 0);
    else if (behave?.kind === 'late') world.schedule.in(behave.ms, () => send(message));
    else send(behave?.kind === 'forged' ? { ...message, secret: FORGED_SECRET } : message);
    if (behave?.kind === 'doubled') send(message);
    for (const earlier of held) send(earlier);
    held = [];
  };

  const newMessage = (event: ForgeEvent['name'], payload: object, secret: string): Message => ({
    guid: counterUuid(world.ids.next('delivery guid')),
    event,
    action: 'action' in payload && typeof payload.action === 'string' ? payload.action : undefined,
    body: JSON.stringify(payload),
    secret,
    isRedelivery: false,
  });

  world.listen((event) => {
    if (options === undefined) return;
    dispatch(newMessage(event.name, payloadOf(world, event, installationId), options.secret));
  });

  return {
    configure(next) {
      options = next;
    },
    behave(rule) {
      rules = [...rules.filter(({ left }) => left > 0), { ...rule, left: rule.times ?? 1 }];
    },
    deliveries: () => deliveries,
    redeliver(id) {
      const delivery = deliveries.find((candidate) => candidate.id === id);
      if (delivery === undefined) throw notFound();
      const { guid, event, action, body } = delivery;
      send({ guid, event, action, body, secret: options?.secret ?? '', isRedelivery: true });
    },
    forge: (event, payload) => send(newMessage(event, payload, FORGED_SECRET)),
    async settled() {
      for (const earlier of held) send(earlier);
      held = [];
      // Work that is added by the last delivery's receiver gets its turn.
      await queue.onIdle();
      await delay(0);
      await queue.onIdle();
    },
  };
}
