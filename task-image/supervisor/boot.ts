/**
 * What must work when nothing else does: the log, and the handlers for what nobody caught. It imports nothing of ours and no package,
 * and reads the environment as it is, because a wrong environment is one of the things that it has to report.
 */

export type LogFields = Readonly<Record<string, unknown>>;
export type Log = (message: string, fields?: LogFields) => void;
export type LineListener = (message: string, fields: LogFields) => void;

const MEMORY_INTERVAL_MS = 30_000;
/** Lines that are kept for a listener that comes later: the first minutes of a start. */
const KEPT_LINES = 20;
const BYTES_PER_MIB = 1024 * 1024;

const startedAtMs = Date.now();
const epoch = Number(process.env.GASTOWN_EPOCH);
const context = {
  townId: process.env.GASTOWN_TOWN_ID ?? null,
  epoch: Number.isInteger(epoch) ? epoch : null,
};
const bootstrapToken = process.env.GASTOWN_BOOTSTRAP_TOKEN ?? '';

let countAgents = (): { agents: number; activeAgents: number } => ({ agents: 0, activeAgents: 0 });
let listener: LineListener | undefined;
const kept: [string, LogFields][] = [];

/** One JSON object a line. `message` is the event's name where it has one. */
export const log: Log = (message, fields = {}) => {
  const at = new Date().toISOString();
  const line = { at, message, ...context, uptimeMs: Date.now() - startedAtMs, ...fields };
  const text = JSON.stringify(line);
  // An error of the first request may quote what was sent.
  const safe = bootstrapToken === '' ? text : text.replaceAll(bootstrapToken, '[redacted]');
  process.stdout.write(`${safe}\n`);
  if (listener !== undefined) listener(message, fields);
  else if (kept.length < KEPT_LINES) kept.push([message, fields]);
};

/** Who passes lines on; it hears the first ones, too. */
export function listenToLines(next: LineListener): void {
  listener = next;
  for (const line of kept.splice(0)) next(...line);
}

/** @param count all agents that are known here, and those of them that start or work */
export function setAgentCount(count: typeof countAgents): void {
  countAgents = count;
}

function describe(thrown: unknown): LogFields {
  const { activeAgents } = countAgents();
  if (!(thrown instanceof Error)) return { name: typeof thrown, error: String(thrown), activeAgents };
  const { name, message, stack, cause } = thrown;
  const because = cause instanceof Error ? { cause: cause.message } : {};
  return { name, error: message, stack, ...because, activeAgents };
}

/** The kernel ends a task that has no memory left without a word: only what was written before tells of it. */
function logMemory(): void {
  try {
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    const mebibytes = (bytes: number): number => Math.round(bytes / BYTES_PER_MIB);
    log('container.memory_usage', {
      rssMB: mebibytes(rss),
      heapUsedMB: mebibytes(heapUsed),
      heapTotalMB: mebibytes(heapTotal),
      externalMB: mebibytes(external),
      ...countAgents(),
    });
  } catch (error) {
    log('container.memory_usage_failed', { error: String(error) });
  }
}

log('container.cold_start');
// A promise that nobody waited for is a defect to be seen; what else runs here is not to be lost for it.
process.on('unhandledRejection', (reason) => log('container.unhandled_rejection', describe(reason)));
process.on('uncaughtException', (error) => {
  log('container.uncaught_exception', describe(error));
  process.exit(1);
});
const intervalMs = Number(process.env.GASTOWN_MEMORY_LOG_MS) || MEMORY_INTERVAL_MS;
setInterval(logMemory, intervalMs).unref();
