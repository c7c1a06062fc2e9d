import { AsyncLocalStorage } from 'node:async_hooks';

/** What each log line of a request says about it. */
export interface RequestFields {
  readonly requestId: string;
  readonly routeKey: string;
  readonly operationId?: string;
  readonly townId?: string;
  readonly rigId?: string;
  readonly beadId?: string;
  readonly convoyId?: string;
  readonly agentId?: string;
}

/** By what runs, not by function: in local mode requests run side by side. */
const current = new AsyncLocalStorage<RequestFields>();

export const inRequest = <T>(fields: RequestFields, run: () => T): T => current.run(fields, run);

/** Of the request that is being served; empty outside of one. */
export const currentRequest = (): Partial<RequestFields> => current.getStore() ?? {};
