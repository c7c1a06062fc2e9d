import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import withMiddleware from '@middy/core';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Telemetry } from '../../core/ports.ts';
import { createPowertoolsTelemetry } from '../adapters/telemetry/powertools-telemetry.ts';
import { recordRequest } from '../adapters/telemetry/request-metrics.ts';
import type { HttpHandler, RequestReport } from './handler.ts';
import type { HttpEvent } from './route.ts';

const NAMESPACE = 'gastown';

export interface Observability {
  readonly telemetry: Telemetry;
  /** Counts the request and names it in its trace. */
  readonly onRequest: (report: RequestReport) => void;
  /** The handler as Lambda calls it: logged, counted and traced. */
  readonly observe: (
    handler: HttpHandler,
  ) => (event: HttpEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;
}

/**
 * Powertools around the functions that people call. Neither events nor answers are logged or traced: they hold tokens. The
 * tracer is off outside of Lambda.
 */
export function createObservability(serviceName: string): Observability {
  const logger = new Logger({ serviceName });
  const requests = new Metrics({ namespace: NAMESPACE, serviceName });
  const counts = new Metrics({ namespace: NAMESPACE, serviceName });
  const tracer = new Tracer({ serviceName });
  return {
    telemetry: createPowertoolsTelemetry(logger, counts),
    onRequest(report) {
      recordRequest(requests, report);
      const { operationId, townId } = report.fields;
      if (operationId !== undefined) tracer.putAnnotation('operationId', operationId);
      if (townId !== undefined) tracer.putAnnotation('townId', townId);
    },
    observe: (handler) =>
      withMiddleware<HttpEvent, APIGatewayProxyStructuredResultV2>()
        .use(captureLambdaHandler(tracer, { captureResponse: false }))
        .use(injectLambdaContext(logger, { logEvent: false }))
        .after(() => {
          // Publishing nothing would be warned of at each request.
          if (counts.hasStoredMetrics()) counts.publishStoredMetrics();
        })
        .handler((event: HttpEvent) => handler(event)),
  };
}
