import { Draft } from '../draft.ts';
import { ALL_INVARIANTS, violationsOf } from '../invariants/all.ts';
import { absentContainer } from '../town/container.ts';
import type { Head } from '../town/head.ts';
import type { Instant } from '../town/instant.ts';
import { liveMapsOf, type LiveKind, type LiveRecords, type Town } from '../town/town.ts';
import type { LineOf } from './file-format.ts';
import { FileProblem } from './file-problem.ts';

/** A town that breaks what must always hold would stand still. @throws FileProblem */
export function checkInvariants(
  {
    head,
    config,
    live,
  }: {
    readonly head: Head;
    readonly config: Town['config'];
    readonly live: readonly LineOf<'live'>[];
  },
  at: Instant,
): void {
  const mapOf = <K extends LiveKind>(kind: K): Map<string, LiveRecords[K]> =>
    new Map(
      live.flatMap((line) => (line.kind === kind ? [[line.record.id, line.record as LiveRecords[K]]] : [])),
    );
  const town: Town = {
    head,
    config,
    container: absentContainer(at),
    observed: undefined,
    live: liveMapsOf(mapOf),
    inbox: [],
    outbox: new Map(),
  };
  const [violation] = violationsOf(new Draft(town, at), ALL_INVARIANTS);
  if (violation !== undefined)
    throw new FileProblem(`its records contradict each other (${violation.invariant}: ${violation.detail})`);
}
