import { TooLarge, Unauthorized } from '../../core/errors.ts';
import type { Answer, HttpEvent, Route } from '../http/route.ts';
import type { Deliveries } from '../adapters/dynamodb/deliveries.ts';
import type { WebhookSecretSource } from '../adapters/github/webhook-secret.ts';
import { gitHubEventOf, type GitHubEvent } from './github-event.ts';
import { isSigned } from './signature.ts';
import { takeEvent, type TakeEventDeps } from './take-event.ts';

/** Bytes of a body. Events of pull requests have some 30 KB; a push of thousands of commits, which may be larger, is found by the audit. */
const MAX_BODY_BYTES = 1024 * 1024;
/** A GUID; others are taken too, as long as they can be a key. */
const DELIVERY_ID = /^[\w-]{1,100}$/;

export interface WebhookDeps extends TakeEventDeps {
  readonly secrets: WebhookSecretSource;
  readonly deliveries: Deliveries;
}

/** What forges call. Nothing is parsed before its signature is known to be good. */
export const webhookRoutes = (deps: WebhookDeps): Route[] => [
  {
    method: 'POST',
    path: '/v1/webhooks/github',
    auth: 'none',
    operationId: 'receiveGitHubWebhook',
    isCreation: false,
    handle: (event) => receive(deps, event),
  },
];

const ACCEPTED: Answer = { status: 202, body: {} };

async function receive(deps: WebhookDeps, event: HttpEvent): Promise<Answer> {
  const { headers, body = '', isBase64Encoded } = event;
  const raw = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (raw.length > MAX_BODY_BYTES) throw new TooLarge('The body is too large.');
  const signature = headers['x-hub-signature-256'];
  const id = headers['x-github-delivery'] ?? '';
  const isKnown =
    (await isSigned(raw, signature, (await deps.secrets.read(false)) ?? [])) ||
    (await isSigned(raw, signature, (await deps.secrets.read(true)) ?? []));
  if (!isKnown || !DELIVERY_ID.test(id)) {
    deps.telemetry.count('webhook.refused', 1);
    throw new Unauthorized('Not authorized.');
  }
  const heard = understood(deps, headers['x-github-event'] ?? '', raw);
  if (heard.kind === 'ignored' || (await deps.deliveries.isTaken(id))) return ACCEPTED;
  await takeEvent(deps, heard, id);
  await deps.deliveries.take(id);
  return ACCEPTED;
}

/** What GitHub signed and we do not understand is not sent better a second time; it is logged, and the audit finds what it was about. */
function understood({ telemetry }: WebhookDeps, name: string, raw: Buffer): GitHubEvent {
  try {
    return gitHubEventOf(name, JSON.parse(raw.toString('utf8')));
  } catch {
    telemetry.log('warn', 'webhook not understood', { event: name.slice(0, 60), bytes: raw.length });
    telemetry.count('webhook.not_understood', 1);
    return { kind: 'ignored' };
  }
}
