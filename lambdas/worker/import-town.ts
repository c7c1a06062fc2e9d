import { Conflict, TownError } from '../../core/errors.ts';
import { LineParser } from '../../core/move/line-parser.ts';
import { FileProblem } from '../../core/move/file-problem.ts';
import type { RecordLine } from '../../core/move/file-format.ts';
import { IMPORT_CLAIM_MS, importKey, MAX_IMPORT_BYTES } from '../../core/move/import-record.ts';
import { TownPlanner, type TownPlan } from '../../core/move/town-plan.ts';
import { fileLines } from './file-lines.ts';
import type { TransferDeps } from './transfer.ts';

/** Lines that are written together. */
const GROUP = 200;

/**
 * Makes a town of an uploaded file. The file is read twice: first all of it is checked and nothing is written; then it is
 * written under ids that the import and the old ids give, so a repeated try writes the same items. The head comes last.
 */
export async function importTown(deps: TransferDeps, ownerId: string, importId: string): Promise<void> {
  const { imports, objects, telemetry, now } = deps;
  const claimedUntil = now() + IMPORT_CLAIM_MS;
  if (!(await imports.claimImport(ownerId, importId, now(), claimedUntil))) return;
  const settle = (change: Parameters<typeof imports.settleImport>[3]) =>
    imports.settleImport(ownerId, importId, claimedUntil, { ...change, updatedAt: now() });
  try {
    const plan = await make(deps, ownerId, importId);
    await settle({ state: 'ready', townId: plan.head.id, secretsLeftOut: [...plan.secretsLeftOut] });
    await objects.remove(importKey(importId));
    telemetry.count('import.ready', 1);
  } catch (error) {
    telemetry.log('warn', 'import failed', { importId, error: String(error) });
    // A file that changed under the reader is not read again: half of the town may be of the first one.
    if (error instanceof FileProblem || error instanceof Conflict) {
      const line = error instanceof FileProblem ? error.line : undefined;
      await settle({
        state: 'failed',
        error: { message: error.userMessage, ...(line === undefined ? {} : { line }) },
      });
      return;
    }
    // Another try may succeed: the queue delivers the message again, and so does whoever asks how it stands.
    const lastError = error instanceof TownError ? error.userMessage : 'the town could not be written';
    await settle({ state: 'waiting', lastError });
    throw error;
  }
}

async function make(deps: TransferDeps, ownerId: string, importId: string): Promise<TownPlan> {
  const { imports, objects, purge, store, checkGitUrl } = deps;
  const record = await imports.importOf(ownerId, importId);
  const key = importKey(importId);
  const file = await objects.describe(key);
  if (record === undefined || file === undefined)
    throw new FileProblem('nothing was uploaded, or it was deleted; start another import');
  if (file.bytes > MAX_IMPORT_BYTES)
    throw new FileProblem(`it has ${file.bytes} bytes; ${MAX_IMPORT_BYTES} is the most`);
  const lines = () => recordsOf(objects.read(key, file.etag));

  // The time of the import is that of its record: a repeated try makes the same town.
  const planner = new TownPlanner({
    importId,
    ownerId,
    orgIds: record.orgIds,
    at: record.createdAt,
    checkGitUrl,
  });
  for await (const { parser, parsed } of lines()) {
    if (parsed.type === 'header') planner.header(parsed.header);
    if (parsed.type === 'record') planner.take(parsed.line, parser.lineNumber, parsed.bytes);
  }
  const plan = planner.plan();
  const { head } = plan;
  // Opened by an earlier try that could not say so: the town may have gone on, and is not written over.
  if ((await store.head(head.id)) !== undefined) return plan;

  try {
    await write(deps, plan, lines());
  } catch (error) {
    if (mayPass(error)) throw error;
    // Nobody sees it without a head, and no other try will complete it.
    await purge.removeLive(head.id, () => false);
    await purge.removeDark(head.id, () => false);
    throw error instanceof Conflict
      ? error
      : new FileProblem(
          'the database refused one of its records; export the town again, or report this',
          undefined,
          error,
        );
  }
  return plan;
}

async function write(
  { imports }: TransferDeps,
  { head, config, live, ids, logEntry }: TownPlan,
  lines: ReturnType<typeof recordsOf>,
): Promise<void> {
  let group: RecordLine[] = [];
  const put = async (line: RecordLine): Promise<void> => {
    group.push(line);
    if (group.length < GROUP) return;
    await imports.writeLines(head.id, group);
    group = [];
  };
  for (const line of live) await put(line);
  for await (const { parsed } of lines) {
    if (parsed.type === 'record' && isKept(parsed.line)) await put(ids.in(parsed.line));
  }
  await put({ section: 'log', record: logEntry });
  await imports.writeLines(head.id, group);
  await imports.openTown(head, config);
}

/** Only what the service says about the request itself stays wrong. */
const mayPass = (error: unknown): boolean =>
  error instanceof TownError
    ? error.retry !== 'never'
    : !(error instanceof Error && error.name === 'ValidationException');

async function* recordsOf(pieces: AsyncIterable<Uint8Array>) {
  const parser = new LineParser();
  for await (const { text, bytes } of fileLines(pieces)) yield { parser, parsed: parser.next(text, bytes) };
  parser.finish();
}

/** The new town's containers are counted from 1; the tasks of the old one were the old one's, and so was what they cost. */
function isKept(line: RecordLine): boolean {
  if (line.section === 'history') return line.record.kind !== 'run';
  return line.section === 'archived' || line.section === 'body' || line.section === 'log';
}
