/** Something that happened to a town, in words that dashboards count by; the names are the reference's. */
export interface DomainEvent {
  readonly name: 'pr.awaiting_approval_detected' | 'pr.awaiting_approval_resolved' | 'pr.poll_failed';
  readonly rigId: string;
  /** The merge request that it is about, and the bead or convoy that this merges. */
  readonly mergeRequestId: string;
  readonly subjectId: string;
  readonly prUrl: string | undefined;
  /** For `poll_failed` the forge, else what blocks the pull request, in the order of the list of blockers. */
  readonly label: string;
  /** Kind of the failure. */
  readonly reason?: string;
  /** For `detected` the age of the merge request, for `resolved` how long it waited. */
  readonly durationMs?: number;
}
