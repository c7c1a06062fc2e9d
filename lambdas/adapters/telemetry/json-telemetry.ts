import type { Telemetry } from '../../../core/ports.ts';
import { currentRequest } from './request-fields.ts';

/** One JSON object a line on `write`, with the request that it belongs to; counters are handed to `count`. */
export function createJsonTelemetry(options: {
  readonly service: string;
  readonly write?: (line: string) => void;
  readonly count?: (metric: string, value: number) => void;
}): Telemetry {
  const write = options.write ?? ((line: string) => void process.stdout.write(`${line}\n`));
  return {
    log(level, message, fields = {}) {
      const at = new Date().toISOString();
      write(JSON.stringify({ at, level, service: options.service, message, ...currentRequest(), ...fields }));
    },
    count(metric, value) {
      options.count?.(metric, value);
    },
  };
}
