import type { LiveKind, LiveRecords } from '../town/town.ts';

/** What a live record points to: `isLive` where rules look it up among the live records. */
export interface Reference {
  readonly path: string;
  readonly kind: LiveKind;
  readonly id: string;
  readonly isLive: boolean;
}

const live = (path: string, kind: LiveKind, id: string | undefined): Reference[] =>
  id === undefined || id === '' ? [] : [{ path, kind, id, isLive: true }];
const any = (path: string, kind: LiveKind, id: string | undefined): Reference[] =>
  live(path, kind, id).map((reference) => ({ ...reference, isLive: false }));

const REFERENCES: { readonly [K in LiveKind]: (record: LiveRecords[K]) => Reference[] } = {
  rig: () => [],
  bead: ({ rigId, convoyId, dependsOn }) => [
    ...live('rigId', 'rig', rigId),
    ...any('convoyId', 'convoy', convoyId),
    ...dependsOn.flatMap(({ id, outcome }) =>
      outcome === 'open' ? live('dependsOn', 'bead', id) : any('dependsOn', 'bead', id),
    ),
  ],
  convoy: ({ rigId, beads }) => [
    ...live('rigId', 'rig', rigId),
    ...beads.flatMap(({ id, outcome }) =>
      outcome === 'open' ? live('beads', 'bead', id) : any('beads', 'bead', id),
    ),
  ],
  mergeRequest: ({ rigId, subject }) => [
    ...live('rigId', 'rig', rigId),
    ...live('subject', subject.kind, subject.id),
  ],
  agent: ({ rigId }) => live('rigId', 'rig', rigId),
  mail: ({ agentId }) => live('agentId', 'agent', agentId),
  // What it tells of may be gone by now.
  escalation: () => [],
  triageRequest: ({ rigId }) => live('rigId', 'rig', rigId),
};

export const referencesOf = <K extends LiveKind>(kind: K, record: LiveRecords[K]): Reference[] =>
  REFERENCES[kind](record);
