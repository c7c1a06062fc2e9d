import type { InboxItem } from '../facts/inbox.ts';
import type { OutboxRow } from '../effects.ts';
import type { Agent } from './agent.ts';
import type { Bead } from './bead.ts';
import type { TownConfig } from './config.ts';
import type { Container, Observed } from './container.ts';
import type { Convoy } from './convoy.ts';
import type { Escalation } from './escalation.ts';
import type { Head } from './head.ts';
import type { Mail } from './mail.ts';
import type { MergeRequest } from './merge-request.ts';
import type { Rig } from './rig.ts';
import type { TriageRequest } from './triage-request.ts';

/** The live records of a town, by kind. */
export interface LiveRecords {
  rig: Rig;
  bead: Bead;
  convoy: Convoy;
  mergeRequest: MergeRequest;
  agent: Agent;
  mail: Mail;
  escalation: Escalation;
  triageRequest: TriageRequest;
}
export type LiveKind = keyof LiveRecords;
export const LIVE_KINDS = [
  'rig',
  'bead',
  'convoy',
  'mergeRequest',
  'agent',
  'mail',
  'escalation',
  'triageRequest',
] as const;

export type LiveMaps = { readonly [K in LiveKind]: ReadonlyMap<string, LiveRecords[K]> };

/** A map for each kind, of whatever `make` says. */
export const liveMapsOf = (
  make: <K extends LiveKind>(kind: K) => Map<string, LiveRecords[K]>,
): { [K in LiveKind]: Map<string, LiveRecords[K]> } => ({
  rig: make('rig'),
  bead: make('bead'),
  convoy: make('convoy'),
  mergeRequest: make('mergeRequest'),
  agent: make('agent'),
  mail: make('mail'),
  escalation: make('escalation'),
  triageRequest: make('triageRequest'),
});

export interface Unreadable {
  readonly kind: 'statement' | 'effect';
  /** Of the inbox item, or the key of the effect. */
  readonly id: string;
  readonly error: string;
  readonly item: unknown;
}

/** A town as one read of its live range found it. */
export interface Town {
  readonly head: Head;
  readonly config: TownConfig & { readonly rev: number };
  readonly container: Container;
  readonly observed: Observed | undefined;
  readonly live: LiveMaps;
  readonly inbox: readonly InboxItem[];
  readonly outbox: ReadonlyMap<string, OutboxRow>;
  /** Statements and effects in the live range that this code does not understand. */
  readonly unreadable?: readonly Unreadable[];
}
