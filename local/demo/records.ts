/** The parts of the API's answers that the demo shows. */

interface Named {
  readonly id: string;
}
export interface TownAnswer extends Named {
  readonly name: string;
}
export interface RigAnswer extends Named {
  readonly name: string;
}
export interface BeadAnswer extends Named {
  readonly title: string;
  readonly status: string;
  readonly agentId: string | null;
  readonly branch: string | null;
  readonly attempt: number;
  readonly convoyId: string | null;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number; readonly costUsd: number };
}
export interface ConvoyAnswer extends Named {
  readonly title: string;
  readonly state: string;
  readonly usage?: BeadAnswer['usage'];
}
export interface AgentAnswer extends Named {
  readonly name: string;
  readonly role: string;
  readonly status: string;
  readonly hook: { readonly kind: string; readonly id: string } | null;
}
export interface MergeRequestAnswer extends Named {
  readonly title: string;
  readonly stage: string;
  readonly subject: { readonly kind: string; readonly id: string };
}
export interface WhyAnswer {
  readonly subject: { readonly kind: string; readonly id: string; readonly title: string };
  readonly state: string;
  readonly waitingOn: string;
  readonly reason: string;
  readonly until: string | null;
  readonly position?: number;
}
export interface StatusAnswer {
  readonly container: { readonly state: string; readonly epoch: number };
  readonly dueAt: string | null;
}
export interface ChatMessageAnswer extends Named {
  readonly from: 'user' | 'mayor';
  readonly text: string;
  readonly unanswered: boolean;
}
export interface MayorAnswer {
  readonly session: { readonly status: string } | null;
  readonly unanswered: number;
  readonly items: readonly ChatMessageAnswer[];
}
export interface EventAnswer {
  readonly at: string;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly from?: string;
  readonly to?: string;
  readonly reason: string;
}
export interface List<T> {
  readonly items: readonly T[];
}

/** Everything that the demo watches, read at about the same time. */
export interface Snapshot {
  readonly status: StatusAnswer;
  readonly convoys: readonly ConvoyAnswer[];
  readonly beads: readonly BeadAnswer[];
  readonly agents: readonly AgentAnswer[];
  readonly mergeQueue: readonly MergeRequestAnswer[];
  readonly why: readonly WhyAnswer[];
  /** The chat with the mayor, oldest first; empty where nobody has spoken to it. */
  readonly chat: readonly ChatMessageAnswer[];
}
