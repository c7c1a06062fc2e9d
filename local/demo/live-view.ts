import type { Snapshot } from './records.ts';

/** The town as lines of text: the chat, beads, agents, the merge queue, and why anything waits. */
export function renderSnapshot(snapshot: Snapshot, elapsedSeconds: number): string[] {
  const { status, convoys, beads, agents, mergeQueue, why, chat } = snapshot;
  const reasonOf = (id: string): string => {
    const row = why.find(({ subject }) => subject.id === id);
    if (row === undefined) return '';
    const position = row.position === undefined ? '' : ` (place ${row.position})`;
    const until = row.until === null ? '' : `, until ${row.until.slice(11, 19)}`;
    return `  ${row.reason}${position}${until}`;
  };
  const { state, epoch } = status.container;
  const container = why.find(({ subject }) => subject.kind === 'container');
  return [
    `${elapsedSeconds} s   container ${state}${epoch > 0 ? `, epoch ${epoch}` : ''}${container === undefined ? '' : `  ${container.reason}`}`,
    ...chat.map(({ from, text }) => `chat     ${from === 'user' ? 'you:  ' : 'mayor:'} ${text}`),
    ...convoys.map(({ id, title, state: word }) => `convoy   ${pad(title)} ${pad(word)}${reasonOf(id)}`),
    ...beads.map(({ id, title, status: word }) => `bead     ${pad(title)} ${pad(word)}${reasonOf(id)}`),
    ...mergeQueue.map(({ id, title, stage }) => `merge    ${pad(title)} ${pad(stage)}${reasonOf(id)}`),
    ...agents.map(({ name, role, status: word }) => `agent    ${pad(name)} ${pad(word)}  ${role}`),
  ].map(printable);
}

/** Reasons quote what programs printed: a line stays one line, and nothing steers the terminal. */
const printable = (line: string): string => line.replaceAll(/\p{Cc}+/gu, ' ');

const pad = (text: string): string => (text.length > 22 ? `${text.slice(0, 21)}…` : text.padEnd(22));

/** What the view needs of `process.stdout`. */
export interface ViewOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface LiveView {
  show(snapshot: Snapshot): void;
  end(): void;
}

/**
 * On a terminal the view is redrawn in place; elsewhere each line is printed once, when it changes.
 * @param now milliseconds, from any origin
 */
export function createLiveView(output: ViewOutput, now: () => number): LiveView {
  const startedAt = now();
  let drawn = 0;
  let printed = new Set<string>();
  const elapsed = (): number => Math.floor((now() - startedAt) / 1000);
  return {
    show(snapshot) {
      const lines = renderSnapshot(snapshot, elapsed());
      if (output.isTTY === true) {
        const width = Math.max(20, (output.columns ?? 80) - 1);
        const up = drawn === 0 ? '' : `\u001B[${drawn}A`;
        output.write(`${up}${lines.map((line) => `\u001B[2K${line.slice(0, width)}\n`).join('')}\u001B[0J`);
        drawn = lines.length;
        return;
      }
      // The clock in the first line changes always; it is printed with what changed.
      const [head = '', ...rest] = lines;
      const current = new Set([head.replace(/^\d+ s {3}/, ''), ...rest]);
      const fresh = [...current].filter((line) => !printed.has(line));
      for (const line of fresh) output.write(`${`${elapsed()} s`.padStart(6)}  ${line}\n`);
      printed = current;
    },
    end() {
      drawn = 0;
    },
  };
}
