import type { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, type Metrics } from '@aws-lambda-powertools/metrics';
import type { Telemetry } from '../../../core/ports.ts';
import { currentRequest } from './request-fields.ts';

/** The port with Powertools behind it: each line has the request that it belongs to, counts wait until they are published. */
export function createPowertoolsTelemetry(logger: Logger, counts: Metrics): Telemetry {
  return {
    log(level, message, fields = {}) {
      logger[level](message, { ...currentRequest(), ...fields });
    },
    count(metric, value) {
      counts.addMetric(metric, MetricUnit.Count, value);
    },
  };
}
