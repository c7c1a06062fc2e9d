import { exportJWK, generateKeyPair } from 'jose';
import type * as z from 'zod';
import {
  environmentAnswer,
  gitCredentialsAnswer,
  type EnvironmentAnswer,
  type GitCredentialsAnswer,
} from '../../core/protocol/credentials.ts';
import {
  bootstrapAnswer,
  modelCredentials,
  syncAnswer,
  type BootstrapAnswer,
  type ModelCredentials,
  type SyncAnswer,
  type SyncRequest,
} from '../../core/protocol/sync.ts';
import {
  snapshotCommitAnswer,
  snapshotPlanAnswer,
  snapshotRestoreAnswer,
} from '../../core/protocol/snapshots.ts';
import type { SnapshotCalls } from '../snapshots/snapshot-calls.ts';
import { createRedactor } from '../agents/redact.ts';

/** Longest wait for an answer of the control plane, in milliseconds. */
const TIMEOUT_MS = 20_000;
const MAX_DETAIL_LENGTH = 500;

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

/**
 * What the supervisor asks of the control plane. Everything throws `ControlPlaneError`, or an Error of the network or of an
 * answer that is not understood; none of them quotes a token.
 */
export interface ControlPlane {
  bootstrap(signal: AbortSignal): Promise<BootstrapAnswer>;
  sync(report: SyncRequest, signal: AbortSignal): Promise<SyncAnswer>;
  modelCredentials(agentId: string): Promise<ModelCredentials>;
  /** What opens a rig's repository; null when there is nothing or it needs none. */
  gitCredentials(rigId: string): Promise<GitCredentialsAnswer['credentials']>;
  /** Variables that people set for agents and gates. */
  environment(): Promise<EnvironmentAnswer['variables']>;
  readonly snapshots: SnapshotCalls;
  /** For the socket; undefined before the bootstrap. */
  readonly token: string | undefined;
}

export async function createControlPlane(apiUrl: string, bootstrapToken: string): Promise<ControlPlane> {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  let token: string | undefined;

  const post = async <T>(
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    signal?: AbortSignal,
  ): Promise<T> => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${apiUrl}/v1/container/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const text = await response.text();
    if (!response.ok) {
      // A proxy's error page may quote the request.
      const redact = createRedactor([bootstrapToken, ...(token === undefined ? [] : [token])]);
      throw new ControlPlaneError(response.status, redact(text).slice(0, MAX_DETAIL_LENGTH));
    }
    return understood(path, text, schema);
  };

  return {
    get token() {
      return token;
    },
    async bootstrap(signal) {
      const answer = await post(
        'bootstrap',
        { bootstrapToken, publicKey: { kty, crv, x, y } },
        bootstrapAnswer,
        signal,
      );
      token = answer.containerToken;
      return answer;
    },
    async sync(report, signal) {
      const answer = await post('sync', report, syncAnswer, signal);
      token = answer.containerToken;
      return answer;
    },
    modelCredentials: (agentId) => post('model-credentials', { agentId }, modelCredentials),
    gitCredentials: async (rigId) =>
      (await post('git-credentials', { rigId }, gitCredentialsAnswer)).credentials,
    snapshots: {
      plan: (agentId, chunks, signal) =>
        post(snapshotPath(agentId, 'plan'), { chunks }, snapshotPlanAnswer, signal),
      commit: (agentId, manifest, signal) =>
        post(snapshotPath(agentId, 'commit'), { manifest }, snapshotCommitAnswer, signal),
      restore: (agentId, request, signal) =>
        post(snapshotPath(agentId, 'restore'), request, snapshotRestoreAnswer, signal),
    },
    environment: async () => (await post('environment', {}, environmentAnswer)).variables,
  };
}

const snapshotPath = (agentId: string, act: 'plan' | 'commit' | 'restore'): string =>
  `snapshots/${encodeURIComponent(agentId)}/${act}`;

/** The parsers' own messages may quote the answer, which holds tokens. */
function understood<T>(path: string, text: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`the control plane's answer to ${path} is not JSON (${text.length} characters)`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.join('.') ?? '';
  throw new Error(`the control plane's answer to ${path} is not understood: ${at}: ${issue?.message ?? ''}`);
}
