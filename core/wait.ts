import type { Instant } from './town/instant.ts';

export type SubjectKind =
  | 'bead'
  | 'convoy'
  | 'mergeRequest'
  | 'agent'
  | 'container'
  | 'effect'
  | 'town'
  | 'rig'
  | 'escalation'
  | 'triageRequest';
export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
}

/** Why something is not moving this instant: one row of `why`. */
export interface Wait {
  readonly subject: Subject;
  readonly state: 'progressing' | 'queued' | 'waiting' | 'needs_attention';
  /** What has to happen, in a few words: "capacity", "dependencies", "verification". */
  readonly waitingOn: string;
  readonly rule: string;
  readonly reason: string;
  readonly since: Instant;
  /** When the town looks again by itself; undefined: when something happens. */
  readonly until?: Instant | undefined;
  readonly who: 'town' | 'agent' | 'human' | 'platform';
  /** Place in the queue, from 1. */
  readonly position?: number | undefined;
  /** What holds the place that this one waits for. */
  readonly heldBy?: Subject | undefined;
}

/** What a rule says of a wait; the rule's name and the end are added by the step and the clock. */
export type WaitDetail = Omit<Wait, 'rule' | 'until' | 'since'>;
