import { Unavailable } from '../../core/errors.ts';
import { FILE_FORMAT, FILE_VERSION, type LineOf, type RecordLine } from '../../core/move/file-format.ts';
import type { Instant } from '../../core/town/instant.ts';
import { LIVE_KINDS, type Town } from '../../core/town/town.ts';
import type { TransferDeps } from './transfer.ts';

/** Reads of a town that somebody writes to all the time. */
const MAX_READS = 5;

/**
 * The lines of an export, as one moment shows the town: the live records under one version of the head, the log up to it.
 * @param counts lines by section, counted on the way
 * @throws Unavailable when the town changes too fast, or an ended record came back while it was read
 */
export async function* townLines(
  deps: Pick<TransferDeps, 'store' | 'exports' | 'codeVersion'>,
  townId: string,
  exportedAt: Instant,
  counts: Record<string, number>,
): AsyncGenerator<string> {
  const { exports, codeVersion } = deps;
  const town = await oneMoment(deps, townId);
  let lines = 0;
  const write = (value: object): string => {
    lines += 1;
    return `${JSON.stringify(value)}\n`;
  };
  const record = (line: RecordLine): string => {
    counts[line.section] = (counts[line.section] ?? 0) + 1;
    return write(line);
  };
  const { rev: _, secrets = {}, ...config } = town.config;
  yield write({
    format: FILE_FORMAT,
    version: FILE_VERSION,
    townId,
    exportedAt,
    codeVersion,
    secretsLeftOut: Object.keys(secrets),
  });
  const { dueAt: __, failure: ___, ...head } = town.head;
  yield record({ section: 'head', record: head });
  yield record({ section: 'config', record: config });
  const known = new Set<string>();
  for (const line of liveLines(town)) {
    known.add(line.record.id);
    yield record(line);
  }
  for await (const line of exports.archivedLines(townId)) {
    // Ended since: in this moment it was live.
    if (known.has(line.record.id)) continue;
    known.add(line.record.id);
    yield record(line);
  }
  // A text is written before its record; one whose record never came belongs to nothing.
  for await (const line of exports.bodyLines(townId)) if (known.has(line.id)) yield record(line);
  for await (const line of exports.historyLines(townId)) yield record(line);
  const { version } = town.head;
  for await (const line of exports.logLines(townId, 0, version)) yield record(line);
  for await (const { record: later } of exports.logLines(townId, version + 1, Number.MAX_SAFE_INTEGER)) {
    if (broughtBack(later.changes))
      throw new Unavailable('An ended record was reopened while the town was read; it is read again.');
  }
  yield write({ section: 'end', lines });
}

async function oneMoment({ store }: Pick<TransferDeps, 'store'>, townId: string): Promise<Town> {
  for (let read = 0; read < MAX_READS; read += 1) {
    const head = await store.head(townId);
    if (head === undefined) throw new Unavailable('The town cannot be read.');
    const town = await store.load(head);
    if ((await store.head(townId))?.version === head.version) return town;
  }
  throw new Unavailable('The town changes too fast to be read in one moment; it is tried again.');
}

function liveLines({ live }: Town): LineOf<'live'>[] {
  return LIVE_KINDS.flatMap((kind) =>
    // The pairing of kind and record is that of the town's maps.
    [...live[kind].values()].map((record) => ({ section: 'live', kind, record }) as LineOf<'live'>),
  );
}

/** An ended record that became live again after the live records were read is in neither part of the file. */
const broughtBack = (changes: unknown): boolean =>
  Array.isArray(changes) && changes.some((change: { op?: unknown } | null) => change?.op === 'restore');
