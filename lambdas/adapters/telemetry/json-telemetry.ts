import type { Telemetry } from '../../../core/ports.ts';

/** One JSON object a line on `write`; counters are handed to `count`. */
export function createJsonTelemetry(options: {
  readonly service: string;
  readonly write?: (line: string) => void;
  readonly count?: (metric: string, value: number) => void;
}): Telemetry {
  const write = options.write ?? ((line: string) => void process.stdout.write(`${line}\n`));
  return {
    log(level, message, fields = {}) {
      write(
        JSON.stringify({ at: new Date().toISOString(), level, service: options.service, message, ...fields }),
      );
    },
    count(metric, value) {
      options.count?.(metric, value);
    },
  };
}
