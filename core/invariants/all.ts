import type { Draft } from '../draft.ts';
import { convoyHasItsBeads } from './convoy-has-its-beads.ts';
import { edgesTellTheTruth } from './edges-tell-the-truth.ts';
import { epochNeverGoesBack } from './epoch-never-goes-back.ts';
import type { Invariant, Violation } from './invariant.ts';
import { liveWorkHasRig } from './live-work-has-rig.ts';
import { oneAgentPerWorkItem } from './one-agent-per-work-item.ts';
import { oneSlotPerRig } from './one-slot-per-rig.ts';
import { reviewHasMergeRequest } from './review-has-merge-request.ts';
import { terminalIsArchived } from './terminal-is-archived.ts';
import { workingAgentHasHook } from './working-agent-has-hook.ts';

export const ALL_INVARIANTS: readonly Invariant[] = [
  oneAgentPerWorkItem,
  workingAgentHasHook,
  oneSlotPerRig,
  reviewHasMergeRequest,
  terminalIsArchived,
  edgesTellTheTruth,
  convoyHasItsBeads,
  liveWorkHasRig,
  epochNeverGoesBack,
];

export const violationsOf = (draft: Draft, invariants: readonly Invariant[]): Violation[] =>
  invariants.flatMap(({ name, check }) => check(draft).map((detail) => ({ invariant: name, detail })));
