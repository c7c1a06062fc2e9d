import { exportJWK, generateKeyPair } from 'jose';
import type * as z from 'zod';
import {
  bootstrapAnswer,
  modelCredentials,
  syncAnswer,
  type BootstrapAnswer,
  type ModelCredentials,
  type SyncAnswer,
  type SyncRequest,
} from '../../core/protocol/sync.ts';

/** Longest wait for an answer of the control plane, in milliseconds. */
const TIMEOUT_MS = 20_000;

/** The control plane answered, and it was no. */
export class ControlPlaneError extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(`the control plane answered ${status}: ${detail}`);
    this.name = 'ControlPlaneError';
    this.status = status;
  }
  /** 409 and 410: another epoch has taken over, or this one is not wanted any more. */
  get isSuperseded(): boolean {
    return this.status === 409 || this.status === 410;
  }
}

/** What the supervisor asks of the control plane. Everything throws `ControlPlaneError`, or a network error. */
export interface ControlPlane {
  bootstrap(): Promise<BootstrapAnswer>;
  sync(report: SyncRequest): Promise<SyncAnswer>;
  modelCredentials(): Promise<ModelCredentials>;
  /** For the socket; undefined before the bootstrap. */
  readonly token: string | undefined;
}

export async function createControlPlane(apiUrl: string, bootstrapToken: string): Promise<ControlPlane> {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  let token: string | undefined;

  const post = async <T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> => {
    const response = await fetch(`${apiUrl}/v1/container/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new ControlPlaneError(response.status, text.slice(0, 500));
    return schema.parse(JSON.parse(text));
  };

  return {
    get token() {
      return token;
    },
    async bootstrap() {
      const answer = await post(
        'bootstrap',
        { bootstrapToken, publicKey: { kty, crv, x, y } },
        bootstrapAnswer,
      );
      token = answer.containerToken;
      return answer;
    },
    async sync(report) {
      const answer = await post('sync', report, syncAnswer);
      token = answer.containerToken;
      return answer;
    },
    modelCredentials: () => post('model-credentials', {}, modelCredentials),
  };
}
