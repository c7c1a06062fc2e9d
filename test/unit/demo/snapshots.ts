import type { BeadAnswer, EventAnswer, Snapshot, WhyAnswer } from '../../../local/demo/records.ts';

export function bead(id: string, status: string, extra: Partial<BeadAnswer> = {}): BeadAnswer {
  const usage = { inputTokens: 100, outputTokens: 10, costUsd: 0 };
  const rest = { agentId: null, branch: null, attempt: 1, convoyId: 'convoy-1', usage };
  return { id, title: `Title of ${id}`, status, ...rest, ...extra };
}

export function why(kind: string, id: string, reason: string, extra: Partial<WhyAnswer> = {}): WhyAnswer {
  return {
    subject: { kind, id, title: id },
    state: 'waiting',
    waitingOn: 'x',
    reason,
    until: null,
    ...extra,
  };
}

/** A town in the middle of its work. */
export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    status: { container: { state: 'running', epoch: 2 }, dueAt: '2026-01-01T00:00:30.000Z' },
    convoys: [{ id: 'convoy-1', title: 'Invoices', state: 'active' }],
    beads: [bead('bead-1', 'closed'), bead('bead-2', 'in_progress')],
    agents: [{ id: 'agent-1', name: 'nux', role: 'polecat', status: 'working', hook: null }],
    mergeQueue: [],
    chat: [],
    why: [],
    ...changes,
  };
}

/** A town whose demo is over. */
export const landed = snapshot({
  status: { container: { state: 'absent', epoch: 2 }, dueAt: null },
  convoys: [{ id: 'convoy-1', title: 'Invoices', state: 'landed' }],
  beads: [bead('bead-1', 'closed'), bead('bead-2', 'closed')],
});

/** `seconds` after the beginning, a subject went from one phase to another. */
export function event(
  seconds: number,
  id: string,
  from: string | undefined,
  to: string | undefined,
): EventAnswer {
  return {
    at: new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString(),
    subject: { kind: 'bead', id },
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    reason: 'a test',
  };
}
