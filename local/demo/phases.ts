import type { EventAnswer } from './records.ts';

export interface Phase {
  readonly subject: string;
  readonly phase: string;
  readonly seconds: number;
}

/** How long each phase of each subject took, from the audit log (newest first, as the API gives it). */
export function phasesOf(events: readonly EventAnswer[], titles: ReadonlyMap<string, string>): Phase[] {
  const since = new Map<string, { phase: string; at: number }>();
  const phases: Phase[] = [];
  for (const { subject, to, from, at } of [...events].reverse()) {
    const title = titles.get(subject.id);
    if (title === undefined || to === undefined) continue;
    const before = since.get(subject.id);
    const time = Date.parse(at);
    if (before !== undefined) {
      phases.push({ subject: title, phase: before.phase, seconds: (time - before.at) / 1000 });
    } else if (from !== undefined) {
      phases.push({ subject: title, phase: from, seconds: 0 });
    }
    since.set(subject.id, { phase: to, at: time });
  }
  return phases;
}
