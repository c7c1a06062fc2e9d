import { MetricUnit, type Metrics } from '@aws-lambda-powertools/metrics';
import type { RequestFields } from './request-fields.ts';

/** By operation and status class; the ids of the request stand beside the numbers, where a query finds them. */
export function recordRequest(
  metrics: Metrics,
  { fields, status, durationMs }: { fields: RequestFields; status: number; durationMs: number },
): void {
  metrics.addDimension('operation', fields.operationId ?? 'none');
  metrics.addDimension('statusClass', `${Math.floor(status / 100)}xx`);
  metrics.addMetric('requests', MetricUnit.Count, 1);
  metrics.addMetric('requestDuration', MetricUnit.Milliseconds, durationMs);
  for (const [name, value] of Object.entries(fields)) metrics.addMetadata(name, String(value));
  metrics.addMetadata('status', `${status}`);
  metrics.publishStoredMetrics();
}
