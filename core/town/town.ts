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

/** The live records of a town, by kind. */
export interface LiveRecords {
  rig: Rig;
  bead: Bead;
  convoy: Convoy;
  mergeRequest: MergeRequest;
  agent: Agent;
  mail: Mail;
  escalation: Escalation;
}
export type LiveKind = keyof LiveRecords;
export const LIVE_KINDS = ['rig', 'bead', 'convoy', 'mergeRequest', 'agent', 'mail', 'escalation'] as const;

export type LiveMaps = { readonly [K in LiveKind]: ReadonlyMap<string, LiveRecords[K]> };

/** A town as one read of its live range found it. */
export interface Town {
  readonly head: Head;
  readonly config: TownConfig & { readonly rev: number };
  readonly container: Container;
  readonly observed: Observed | undefined;
  readonly live: LiveMaps;
  readonly inbox: readonly InboxItem[];
  readonly outbox: ReadonlyMap<string, OutboxRow>;
}
