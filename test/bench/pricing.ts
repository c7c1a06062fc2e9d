/** List prices in US dollars, us-east-1, on demand. Source: AWS's price pages, as of 2026-11; taxes and free tiers are left out. */
export const PRICES_OF = '2026-11';
export const PRICES = {
  readUnit: 0.125 / 1e6,
  writeUnit: 0.625 / 1e6,
  tableGibMonth: 0.25,
  s3GibMonth: 0.023,
  sqsRequest: 0.5 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  /** A function with 256 MiB on ARM, by the second. */
  lambdaSecond: (0.0000133334 * 256) / 1024,
  scheduledInvocation: 1 / 1e6,
  /** A Fargate task of 2 vCPU and 8 GiB on ARM. */
  containerHour: 0.0932,
} as const;

/** What something used. */
export interface Used {
  readonly readUnits?: number;
  readonly writeUnits?: number;
  readonly sqsRequests?: number;
  readonly lambdaRequests?: number;
  readonly lambdaSeconds?: number;
  readonly scheduledInvocations?: number;
  readonly containerHours?: number;
  /** Kept for a month. */
  readonly tableBytes?: number;
  readonly s3Bytes?: number;
}

const GIB = 1024 ** 3;

/** US dollars. */
export const priceOf = (used: Used): number =>
  (used.readUnits ?? 0) * PRICES.readUnit +
  (used.writeUnits ?? 0) * PRICES.writeUnit +
  (used.sqsRequests ?? 0) * PRICES.sqsRequest +
  (used.lambdaRequests ?? 0) * PRICES.lambdaRequest +
  (used.lambdaSeconds ?? 0) * PRICES.lambdaSecond +
  (used.scheduledInvocations ?? 0) * PRICES.scheduledInvocation +
  (used.containerHours ?? 0) * PRICES.containerHour +
  ((used.tableBytes ?? 0) / GIB) * PRICES.tableGibMonth +
  ((used.s3Bytes ?? 0) / GIB) * PRICES.s3GibMonth;
