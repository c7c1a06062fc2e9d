/** How the answer to an accepted statement begins. */
const ACCEPTED = 'Accepted.';

/** The answer of gt_done and gt_verdict; `message` is what the town said. */
export function accepted(message: string | undefined): string {
  return `${ACCEPTED} ${message ?? 'The town takes it from here.'}`;
}

/** Whether a tool's output says that the town has taken a statement. */
export function isAccepted(output: string): boolean {
  return output.startsWith(ACCEPTED);
}
