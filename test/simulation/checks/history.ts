import * as z from 'zod';
import type { PlainItem } from '../table/plain-item.ts';
import { promise } from './failure.ts';

const logged = z.object({ source: z.string(), id: z.string() });
const entry = z.object({
  version: z.number(),
  at: z.number(),
  facts: z.object({
    applied: z.array(logged.extend({ fact: z.unknown().optional() })),
    stale: z.array(logged),
    quarantined: z.array(logged),
  }),
  decisions: z.array(
    z.object({
      rule: z.string(),
      subject: z.object({ kind: z.string(), id: z.string() }),
      from: z.string().optional(),
      to: z.string().optional(),
      reason: z.string(),
    }),
  ),
});
export type LoggedStep = z.infer<typeof entry>;

/** What a town's partition says happened, in the order of its versions. */
export const stepsIn = (items: ReadonlyMap<string, PlainItem>): LoggedStep[] =>
  [...items].flatMap(([sk, item]) => (sk.startsWith('LOG#') ? [entry.parse(item)] : []));

const ENDINGS = new Set(['closed', 'failed', 'deleted', 'landed', 'merged']);
const FINAL = new Set(['bead', 'convoy', 'mergeRequest']);

/** What has ended stays so, unless somebody asks for it anew; each ends once. */
export function checkEndings(steps: readonly LoggedStep[]): void {
  const ended = new Map<string, string>();
  for (const { version, decisions } of steps) {
    for (const { rule, subject, to } of decisions) {
      if (to === undefined || !FINAL.has(subject.kind)) continue;
      const key = `${subject.kind} ${subject.id}`;
      const before = ended.get(key);
      if (before !== undefined && rule === 'fact/bead_reopened') ended.delete(key);
      else
        promise(
          'what has ended stays so',
          before === undefined,
          () => `${key} was ${before}, then ${to} in ${version} by ${rule}`,
        );
      if (ENDINGS.has(to)) ended.set(key, to);
    }
  }
}

/** Every statement that was accepted has been taken up once. */
export function checkStatements(
  steps: readonly LoggedStep[],
  accepted: ReadonlySet<string>,
  waiting: ReadonlySet<string>,
): void {
  const counts = new Map<string, number>();
  for (const { facts } of steps) {
    for (const { source, id } of [...facts.applied, ...facts.stale, ...facts.quarantined])
      if (source === 'inbox') counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  for (const [id, count] of counts)
    promise('a statement counts once', count === 1, () => `${id} was taken up ${count} times`);
  for (const id of accepted)
    promise(
      'no statement is lost',
      counts.has(id) || waiting.has(id),
      () => `${id} was accepted and never taken up`,
    );
}

/** The decisions for people. @param from the beginning of the story */
export const linesOf = (steps: readonly LoggedStep[], from: number): string[] =>
  steps.flatMap(({ at, decisions }) =>
    decisions.map(({ rule, subject, from: before, to, reason }) => {
      const move = to === undefined ? '' : ` ${before ?? ''} → ${to}`;
      return `${((at - from) / 1000).toFixed(1)} s ${subject.kind} …${subject.id.slice(-6)}${move}: ${reason} (${rule})`;
    }),
  );
