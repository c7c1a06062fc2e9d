import type { ApiDeps } from '../lambdas/api/context.ts';
import { apiRoutes } from '../lambdas/api/routes.ts';
import { containerRoutes, type ContainerDeps } from '../lambdas/container/routes.ts';
import { webhookRoutes, type WebhookDeps } from '../lambdas/webhook/routes.ts';
import type { Route } from '../lambdas/http/route.ts';

/** What API Gateway has to know of a route. */
export type GatewayRoute = Pick<Route, 'method' | 'path' | 'auth'>;

/** The functions' own route tables. To make them asks nobody for anything: only handlers use what they are given. */
export const userRoutes = (): readonly GatewayRoute[] => apiRoutes({} as ApiDeps);
export const forgeRoutes = (): readonly GatewayRoute[] => webhookRoutes({} as WebhookDeps);
export const taskRoutes = (): readonly GatewayRoute[] => containerRoutes({} as ContainerDeps);
