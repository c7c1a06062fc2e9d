import type { Explanation } from '../client/api.generated.ts';
import { shortId } from '../render/id.ts';
import { oneLine } from '../render/printable.ts';
import { spaced } from '../render/words.ts';
import { note, ok, problem, type Finding } from './finding.ts';

/** What waits for a person, with the command that ends the wait. Rows of the town itself are told by its status. */
export function checkWaits(rows: readonly Explanation[]): Finding[] {
  const shown = new Set(rows.filter(({ state }) => state !== 'progressing').map(({ subject }) => subject.id));
  const findings = rows.flatMap((row): Finding[] => {
    const { subject, state, who, reason, rule, heldBy } = row;
    if (subject.kind === 'town' && (rule === 'lifecycle' || rule === 'reconcile')) return [];
    if (state !== 'needs_attention' && who !== 'human') return [];
    // One staged convoy is one thing to do, however many beads it has.
    if (heldBy?.kind === 'convoy' && shown.has(heldBy.id)) return [];
    const name =
      subject.kind === 'town' || subject.title === subject.id ? '' : ` "${oneLine(subject.title)}"`;
    const what = `${spaced(subject.kind)} ${shortId(subject.id)}${name}: ${oneLine(reason)}`;
    // Somebody wanted it to wait: staged, held, stopped.
    return [state === 'needs_attention' ? problem(what, adviceFor(row)) : note(what, adviceFor(row))];
  });
  return findings.length > 0 ? findings : [ok('nothing waits for a person')];
}

function adviceFor({ subject, state, waitingOn, heldBy }: Explanation): string {
  const id = shortId(subject.id);
  switch (subject.kind) {
    case 'bead':
      if (heldBy?.kind === 'convoy') return `gastown convoy start ${shortId(heldBy.id)}`;
      if (state !== 'needs_attention') return `gastown beads start ${id}`;
      if (heldBy?.kind === 'bead') {
        return `gastown beads reopen ${shortId(heldBy.id)}, or gastown beads cancel ${id}`;
      }
      return `gastown beads show ${id} --attempts, then edit or cancel it`;
    case 'convoy':
      if (waitingOn === 'beads') return `gastown convoy add ${id} <bead>, or gastown convoy close ${id}`;
      if (state !== 'needs_attention') return `gastown convoy start ${id}`;
      return `gastown convoy retry ${id}, or gastown convoy close ${id}`;
    case 'escalation':
      return `gastown escalations ack ${id}`;
    case 'triageRequest':
      return 'look at what the triage agent needs: gastown why, gastown escalations list';
    case 'mergeRequest':
      return 'look at the gates and at what the repository allows: gastown merge-queue, gastown events';
    case 'agent':
      return `gastown agents reset ${id}`;
    case 'rig':
      return 'look at the address and at its access: gastown rigs list, gastown config set gitAuth.githubToken --secret-stdin';
    case 'effect':
      return 'look at the log of the worker; it says what was refused';
    case 'container':
      return 'look at the log of the container';
    case 'town':
      return 'look at gastown events, and tell who runs this installation';
  }
}
