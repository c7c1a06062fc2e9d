import type { RequestFields } from '../adapters/telemetry/request-fields.ts';
import type { HttpEvent, Route } from './route.ts';

/** Path parameters that say what a request is about. Values are ids; nothing else of a request is ever logged. */
const SUBJECTS = ['townId', 'rigId', 'beadId', 'convoyId', 'agentId'] as const;
/** What is longer is no id of ours, and has no place in a log. */
const MAX_ID_CHARS = 128;

/** Which request it is and what it is about: never a header, a body, a query or a token. */
export function requestFieldsOf(event: HttpEvent, route: Route | undefined): RequestFields {
  const given = event.pathParameters ?? {};
  const subjects = SUBJECTS.flatMap((name) => {
    const id = given[name];
    return id === undefined || id.length > MAX_ID_CHARS ? [] : [[name, id] as const];
  });
  return {
    requestId: event.requestContext.requestId,
    routeKey: event.routeKey,
    ...(route === undefined ? {} : { operationId: route.operationId }),
    ...Object.fromEntries(subjects),
  };
}
