import { expect } from 'vitest';
import type { Route } from '../../../lambdas/http/route.ts';
import { listed, record, type Answer } from '../api/client.ts';
import type { Api } from '../attack/api.ts';
import { fill } from '../attack/requests.ts';
import { createNormalizer } from './normalize.ts';

/** An answer as it is compared: without what time and chance put into it. */
export interface Heard {
  readonly operationId: string;
  readonly status: number;
  readonly answer: string;
}

export interface Asked {
  readonly ids?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: object;
}

export type Tenant = Awaited<ReturnType<typeof createTenant>>;

/** A user with one town: asks routes by their names, remembers the ids that it was given and every answer that it heard. */
export async function createTenant(api: Api, userId: string, orgId: string) {
  const token = await api.token(userId, [orgId]);
  const ids: Record<string, string> = {};
  const heard: Heard[] = [];
  const normalize = createNormalizer({ userId, orgId });
  const routeOf = (operationId: string): Route => {
    const route = api.all.find((one) => one.operationId === operationId);
    if (route === undefined) throw new Error(`there is no route ${operationId}`);
    return route;
  };

  const tenant = {
    token,
    orgId,
    ids,
    heard,
    async ask(operationId: string, { ids: over = {}, query = '', body }: Asked = {}): Promise<Answer> {
      const { method, path, spec } = routeOf(operationId);
      const given = spec?.body === undefined ? undefined : (body ?? {});
      const answer = await api.call(method, fill(path, { ...ids, ...over }) + query, { token, body: given });
      const { status } = answer;
      expect(`${operationId} ${status}`, `says ${JSON.stringify(answer.body)}`).toBe(
        `${operationId} ${spec?.answer.status}`,
      );
      const said = answer.body ?? answer.headers.get('location');
      heard.push({ operationId, status, answer: normalize(JSON.stringify(said)) });
      return answer;
    },
    /** Asks, and keeps the id of what was made under a name. */
    async make(name: string, operationId: string, asked: Asked = {}): Promise<string> {
      const id = record.parse((await tenant.ask(operationId, asked)).body).id;
      ids[name] = id;
      return id;
    },
    async firstOf(operationId: string): Promise<string> {
      return record.parse(listed.parse((await tenant.ask(operationId)).body).items[0]).id;
    },
    step: (): Promise<void> => api.fixture.reconcile(ids['townId'] ?? ''),
  };
  return tenant;
}
