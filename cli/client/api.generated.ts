// Made by bin/generate-client.ts from the routes of lambdas/api: change those, and run it again.
/* oxlint-disable typescript/no-duplicate-type-constituents */
import type { Send } from './send.ts';
export interface CreateTown {
  name: string;
  /** One of your organisations; its members see the town too */
  orgId?: string;
  config?: TownConfig;
}

export interface TownConfig {
  /** The model of agents that have no model of their own, from its next session on. */
  defaultModel?: string;
  /** The model of titles and summaries, from its next session on. */
  smallModel?: string;
  roleModels?: {
    /** The model of the mayor, from its next session on. */
    mayor?: string;
    /** The model of refineries, from its next session on. */
    refinery?: string;
    /** The model of polecats, from its next session on. */
    polecat?: string;
  };
  model?: {
    /** Who serves the models. Unset: whatever the installation has. */
    provider?: 'anthropic' | 'openai' | 'amazon-bedrock' | 'openai-compatible';
    /** Address of the provider’s API, when it is not the provider’s own. */
    baseUrl?: string;
    /** AWS region of the models; amazon-bedrock needs it. */
    region?: string;
    /** Key of the provider; for amazon-bedrock a Bedrock API key. */
    apiKey?: string;
  };
  budgets?: {
    town?: {
      /** Model tokens of the town since it was made, in and out. From here on nothing new is started for it; what runs goes on. */
      softTokens?: number;
      /** Model tokens of the town since it was made, in and out. At this its sessions are ended, and nothing of it runs any more. */
      hardTokens?: number;
      /** US dollars of the town since it was made, as the agents' sessions report them; a model without a price costs nothing. From here on nothing new is started for it; what runs goes on. */
      softCostUsd?: number;
      /** US dollars of the town since it was made. At this its sessions are ended, and nothing of it runs any more. */
      hardCostUsd?: number;
      /** Minutes of the town’s containers since it was made. From here on nothing new is started for it; what runs goes on. */
      softContainerMinutes?: number;
      /** Minutes of the town’s containers since it was made. At this its sessions are ended, and nothing of it runs any more. */
      hardContainerMinutes?: number;
    };
    convoy?: {
      /** Model tokens of each convoy with its beads, in and out. From here on nothing new is started for it; what runs goes on. */
      softTokens?: number;
      /** Model tokens of each convoy with its beads, in and out. At this its sessions are ended, and nothing of it runs any more. */
      hardTokens?: number;
      /** US dollars of each convoy with its beads, as the agents' sessions report them; a model without a price costs nothing. From here on nothing new is started for it; what runs goes on. */
      softCostUsd?: number;
      /** US dollars of each convoy with its beads. At this its sessions are ended, and nothing of it runs any more. */
      hardCostUsd?: number;
      /** Minutes in which sessions for a convoy ran in the container. From here on nothing new is started for it; what runs goes on. */
      softContainerMinutes?: number;
      /** Minutes in which sessions for a convoy ran in the container. At this its sessions are ended, and nothing of it runs any more. */
      hardContainerMinutes?: number;
    };
    bead?: {
      /** Model tokens of each bead, in and out. From here on nothing new is started for it; what runs goes on. */
      softTokens?: number;
      /** Model tokens of each bead, in and out. At this its sessions are ended, and nothing of it runs any more. */
      hardTokens?: number;
      /** US dollars of each bead, as the agents' sessions report them; a model without a price costs nothing. From here on nothing new is started for it; what runs goes on. */
      softCostUsd?: number;
      /** US dollars of each bead. At this its sessions are ended, and nothing of it runs any more. */
      hardCostUsd?: number;
      /** Minutes in which sessions for a bead ran in the container. From here on nothing new is started for it; what runs goes on. */
      softContainerMinutes?: number;
      /** Minutes in which sessions for a bead ran in the container. At this its sessions are ended, and nothing of it runs any more. */
      hardContainerMinutes?: number;
    };
  };
  /** Polecats at work in one rig at the same time. */
  maxPolecatsPerRig?: number;
  /** Merge directly, or by pull request. A rig on a plain git remote always merges directly. */
  mergeStrategy?: 'direct' | 'pr';
  refinery?: {
    /** Shell commands that must pass on the trial merge of every merge request. */
    gates?: string[];
    /** How long one gate may take before it counts as failed. */
    gateTimeoutSeconds?: number;
    /** False: no review by an agent; the gates alone decide. */
    codeReview?: boolean;
    /** Whether the town merges a pull request that nothing blocks. */
    autoMerge?: boolean;
    /** How long a pull request that nothing blocks waits for people; null: for ever. */
    autoMergeDelayMinutes?: number | null;
    /** What the refinery does with what it finds: send the work back, or comment. Takes effect with comments on pull requests. */
    reviewMode?: 'rework' | 'comments';
    /** Whether agents answer review comments and red checks. */
    autoResolvePrFeedback?: boolean;
    /** Whether agents resolve conflicts of a pull request with its target. */
    autoResolveMergeConflicts?: boolean;
  };
  /** Whether a convoy that does not say waits until somebody starts it. */
  stagedConvoysDefault?: boolean;
  /** For convoys that do not say: land all beads together from a feature branch, or merge each into the default branch. */
  convoyMergeMode?: 'review-then-land' | 'review-and-merge';
  /** Author and committer of the agents’ commits, instead of the agent’s own name. */
  gitAuthorName?: string;
  /** Address of author and committer of the agents’ commits, instead of the agent’s own. */
  gitAuthorEmail?: string;
  /** With a git author of one’s own, commits name the agent in a Co-authored-by line; true: they do not. */
  disableAiCoauthor?: boolean;
  customInstructions?: {
    /** Said to polecats after the rules of its role, from its next session on. */
    polecat?: string;
    /** Said to refineries after the rules of its role, from its next session on. */
    refinery?: string;
    /** Said to the mayor after the rules of its role, from its next session on. */
    mayor?: string;
  };
  container?: {
    /** Minutes without runnable work before the container stops; fractions are allowed. */
    sleepAfterMinutes?: number;
    /** Memory of the task: how many agents run at the same time is computed from it. */
    memoryGiB?: number;
  };
  gitAuth?: {
    /** The GitLab whose repositories get gitAuth.gitlabToken. */
    gitlabInstanceUrl?: string;
    /** The integration (GitHub App) of the town's owner or organisation that gives tokens for repositories on GitHub: after a rig's own, before gitAuth.githubToken. */
    platformIntegrationId?: string;
    /** Token for repositories on GitHub; agents never see it. */
    githubToken?: string;
    /** Token for repositories on GitLab; agents never see it. */
    gitlabToken?: string;
  };
  /** Token for pull requests, instead of gitAuth.githubToken. */
  githubCliPat?: string;
  /** Environment of agents and gates; values are secret. Given, it replaces all that were set. */
  envVars?: Partial<Record<string, string>>;
}

export type Nothing = object;

export interface ResumeRule {
  /** As `GET …/why` names it */
  rule: string;
}

/** What is not named stays; groups are merged field by field; null clears. A secret sent back as its mask stays; envVars replaces all that were set. */
export interface TownConfigPatch {
  /** The model of agents that have no model of their own, from its next session on. */
  defaultModel?: string | null;
  /** The model of titles and summaries, from its next session on. */
  smallModel?: string | null;
  roleModels?: {
    /** The model of the mayor, from its next session on. */
    mayor?: string | null;
    /** The model of refineries, from its next session on. */
    refinery?: string | null;
    /** The model of polecats, from its next session on. */
    polecat?: string | null;
  } | null;
  model?: {
    /** Who serves the models. Unset: whatever the installation has. */
    provider?: 'anthropic' | 'openai' | 'amazon-bedrock' | 'openai-compatible' | null;
    /** Address of the provider’s API, when it is not the provider’s own. */
    baseUrl?: string | null;
    /** AWS region of the models; amazon-bedrock needs it. */
    region?: string | null;
    /** Key of the provider; for amazon-bedrock a Bedrock API key. */
    apiKey?: string | null;
  } | null;
  budgets?: {
    town?: {
      /** Model tokens of the town since it was made, in and out. From here on nothing new is started for it; what runs goes on. */
      softTokens?: number | null;
      /** Model tokens of the town since it was made, in and out. At this its sessions are ended, and nothing of it runs any more. */
      hardTokens?: number | null;
      /** US dollars of the town since it was made, as the agents' sessions report them; a model without a price costs nothing. From here on nothing new is started for it; what runs goes on. */
      softCostUsd?: number | null;
      /** US dollars of the town since it was made. At this its sessions are ended, and nothing of it runs any more. */
      hardCostUsd?: number | null;
      /** Minutes of the town’s containers since it was made. From here on nothing new is started for it; what runs goes on. */
      softContainerMinutes?: number | null;
      /** Minutes of the town’s containers since it was made. At this its sessions are ended, and nothing of it runs any more. */
      hardContainerMinutes?: number | null;
    } | null;
    convoy?: {
      /** Model tokens of each convoy with its beads, in and out. From here on nothing new is started for it; what runs goes on. */
      softTokens?: number | null;
      /** Model tokens of each convoy with its beads, in and out. At this its sessions are ended, and nothing of it runs any more. */
      hardTokens?: number | null;
      /** US dollars of each convoy with its beads, as the agents' sessions report them; a model without a price costs nothing. From here on nothing new is started for it; what runs goes on. */
      softCostUsd?: number | null;
      /** US dollars of each convoy with its beads. At this its sessions are ended, and nothing of it runs any more. */
      hardCostUsd?: number | null;
      /** Minutes in which sessions for a convoy ran in the container. From here on nothing new is started for it; what runs goes on. */
      softContainerMinutes?: number | null;
      /** Minutes in which sessions for a convoy ran in the container. At this its sessions are ended, and nothing of it runs any more. */
      hardContainerMinutes?: number | null;
    } | null;
    bead?: {
      /** Model tokens of each bead, in and out. From here on nothing new is started for it; what runs goes on. */
      softTokens?: number | null;
      /** Model tokens of each bead, in and out. At this its sessions are ended, and nothing of it runs any more. */
      hardTokens?: number | null;
      /** US dollars of each bead, as the agents' sessions report them; a model without a price costs nothing. From here on nothing new is started for it; what runs goes on. */
      softCostUsd?: number | null;
      /** US dollars of each bead. At this its sessions are ended, and nothing of it runs any more. */
      hardCostUsd?: number | null;
      /** Minutes in which sessions for a bead ran in the container. From here on nothing new is started for it; what runs goes on. */
      softContainerMinutes?: number | null;
      /** Minutes in which sessions for a bead ran in the container. At this its sessions are ended, and nothing of it runs any more. */
      hardContainerMinutes?: number | null;
    } | null;
  } | null;
  /** Polecats at work in one rig at the same time. */
  maxPolecatsPerRig?: number | null;
  /** Merge directly, or by pull request. A rig on a plain git remote always merges directly. */
  mergeStrategy?: 'direct' | 'pr' | null;
  refinery?: {
    /** Shell commands that must pass on the trial merge of every merge request. */
    gates?: string[] | null;
    /** How long one gate may take before it counts as failed. */
    gateTimeoutSeconds?: number | null;
    /** False: no review by an agent; the gates alone decide. */
    codeReview?: boolean | null;
    /** Whether the town merges a pull request that nothing blocks. */
    autoMerge?: boolean | null;
    /** How long a pull request that nothing blocks waits for people; null: for ever. */
    autoMergeDelayMinutes?: (number | null) | null;
    /** What the refinery does with what it finds: send the work back, or comment. Takes effect with comments on pull requests. */
    reviewMode?: 'rework' | 'comments' | null;
    /** Whether agents answer review comments and red checks. */
    autoResolvePrFeedback?: boolean | null;
    /** Whether agents resolve conflicts of a pull request with its target. */
    autoResolveMergeConflicts?: boolean | null;
  } | null;
  /** Whether a convoy that does not say waits until somebody starts it. */
  stagedConvoysDefault?: boolean | null;
  /** For convoys that do not say: land all beads together from a feature branch, or merge each into the default branch. */
  convoyMergeMode?: 'review-then-land' | 'review-and-merge' | null;
  /** Author and committer of the agents’ commits, instead of the agent’s own name. */
  gitAuthorName?: string | null;
  /** Address of author and committer of the agents’ commits, instead of the agent’s own. */
  gitAuthorEmail?: string | null;
  /** With a git author of one’s own, commits name the agent in a Co-authored-by line; true: they do not. */
  disableAiCoauthor?: boolean | null;
  customInstructions?: {
    /** Said to polecats after the rules of its role, from its next session on. */
    polecat?: string | null;
    /** Said to refineries after the rules of its role, from its next session on. */
    refinery?: string | null;
    /** Said to the mayor after the rules of its role, from its next session on. */
    mayor?: string | null;
  } | null;
  container?: {
    /** Minutes without runnable work before the container stops; fractions are allowed. */
    sleepAfterMinutes?: number | null;
    /** Memory of the task: how many agents run at the same time is computed from it. */
    memoryGiB?: number | null;
  } | null;
  gitAuth?: {
    /** The GitLab whose repositories get gitAuth.gitlabToken. */
    gitlabInstanceUrl?: string | null;
    /** The integration (GitHub App) of the town's owner or organisation that gives tokens for repositories on GitHub: after a rig's own, before gitAuth.githubToken. */
    platformIntegrationId?: string | null;
    /** Token for repositories on GitHub; agents never see it. */
    githubToken?: string | null;
    /** Token for repositories on GitLab; agents never see it. */
    gitlabToken?: string | null;
  } | null;
  /** Token for pull requests, instead of gitAuth.githubToken. */
  githubCliPat?: string | null;
  /** Environment of agents and gates; values are secret. Given, it replaces all that were set. */
  envVars?: Partial<Record<string, string>> | null;
}

export interface CreateRig {
  name: string;
  /** The https:// address of the repository */
  gitUrl: string;
  defaultBranch?: string;
  /** One of your integrations, of the same owner as the town; it gives access to this repository */
  integrationId?: string;
  config?: RigConfig;
}

export interface RigConfig {
  /** The model of this rig’s agents that have no model of their own, from its next session on. */
  defaultModel?: string;
  roleModels?: {
    /** The model of this rig’s refinery, from its next session on. */
    refinery?: string;
    /** The model of this rig’s polecats, from its next session on. */
    polecat?: string;
  };
  /** Polecats at work in this rig at the same time, instead of the town’s maxPolecatsPerRig. */
  maxConcurrentPolecats?: number;
  /** Sessions on one bead, or reviews of one merge request, before the town gives up. */
  maxDispatchAttempts?: number;
  /** Merge directly, or by pull request. A rig on a plain git remote always merges directly. */
  mergeStrategy?: 'direct' | 'pr';
  /** For convoys that do not say: land all beads together from a feature branch, or merge each into the default branch. */
  convoyMergeMode?: 'review-then-land' | 'review-and-merge';
  refinery?: {
    /** Shell commands that must pass on the trial merge of every merge request. */
    gates?: string[];
    /** How long one gate may take before it counts as failed. */
    gateTimeoutSeconds?: number;
    /** False: no review by an agent; the gates alone decide. */
    codeReview?: boolean;
    /** Whether the town merges a pull request that nothing blocks. */
    autoMerge?: boolean;
    /** How long a pull request that nothing blocks waits for people; null: for ever. */
    autoMergeDelayMinutes?: number | null;
    /** What the refinery does with what it finds: send the work back, or comment. Takes effect with comments on pull requests. */
    reviewMode?: 'rework' | 'comments';
    /** Whether agents answer review comments and red checks. */
    autoResolvePrFeedback?: boolean;
    /** Whether agents resolve conflicts of a pull request with its target. */
    autoResolveMergeConflicts?: boolean;
  };
  customInstructions?: {
    /** Said to this rig’s polecats, after the town’s, after the rules of its role, from its next session on. */
    polecat?: string;
    /** Said to this rig’s refinery, after the town’s, after the rules of its role, from its next session on. */
    refinery?: string;
  };
}

export interface EditRig {
  name?: string;
  gitUrl?: string;
  defaultBranch?: string;
  /** As at creation; null: as the town has it */
  integrationId?: string | null;
  /** What is not named stays; groups are merged field by field; null clears. */
  config?: RigConfigPatch;
}

/** What is not named stays; groups are merged field by field; null clears. */
export interface RigConfigPatch {
  /** The model of this rig’s agents that have no model of their own, from its next session on. */
  defaultModel?: string | null;
  roleModels?: {
    /** The model of this rig’s refinery, from its next session on. */
    refinery?: string | null;
    /** The model of this rig’s polecats, from its next session on. */
    polecat?: string | null;
  } | null;
  /** Polecats at work in this rig at the same time, instead of the town’s maxPolecatsPerRig. */
  maxConcurrentPolecats?: number | null;
  /** Sessions on one bead, or reviews of one merge request, before the town gives up. */
  maxDispatchAttempts?: number | null;
  /** Merge directly, or by pull request. A rig on a plain git remote always merges directly. */
  mergeStrategy?: 'direct' | 'pr' | null;
  /** For convoys that do not say: land all beads together from a feature branch, or merge each into the default branch. */
  convoyMergeMode?: 'review-then-land' | 'review-and-merge' | null;
  refinery?: {
    /** Shell commands that must pass on the trial merge of every merge request. */
    gates?: string[] | null;
    /** How long one gate may take before it counts as failed. */
    gateTimeoutSeconds?: number | null;
    /** False: no review by an agent; the gates alone decide. */
    codeReview?: boolean | null;
    /** Whether the town merges a pull request that nothing blocks. */
    autoMerge?: boolean | null;
    /** How long a pull request that nothing blocks waits for people; null: for ever. */
    autoMergeDelayMinutes?: (number | null) | null;
    /** What the refinery does with what it finds: send the work back, or comment. Takes effect with comments on pull requests. */
    reviewMode?: 'rework' | 'comments' | null;
    /** Whether agents answer review comments and red checks. */
    autoResolvePrFeedback?: boolean | null;
    /** Whether agents resolve conflicts of a pull request with its target. */
    autoResolveMergeConflicts?: boolean | null;
  } | null;
  customInstructions?: {
    /** Said to this rig’s polecats, after the town’s, after the rules of its role, from its next session on. */
    polecat?: string | null;
    /** Said to this rig’s refinery, after the town’s, after the rules of its role, from its next session on. */
    refinery?: string | null;
  } | null;
}

export interface CreateBead {
  rigId: string;
  title: string;
  /** At most 64 KiB as UTF-8 */
  body?: string;
  priority?: 'low' | 'medium' | 'high' | 'critical';
  labels?: string[];
  /** Beads that must be closed before this one starts */
  dependsOn?: string[];
  /** It waits until somebody starts it */
  held?: boolean;
  /** For other programs: at most 16 KiB as JSON, 16 levels deep, numbers within ±(2^53 − 1) */
  metadata?: Partial<Record<string, unknown>>;
  /** The worker does them one after the other, and says of each that it is finished */
  steps?: {
    title: string;
    instructions?: string;
  }[];
}

export interface EditBead {
  title?: string;
  /** At most 64 KiB as UTF-8 */
  body?: string;
  priority?: 'low' | 'medium' | 'high' | 'critical';
  /** All of them */
  labels?: string[];
  /** All of them; only while it is open */
  dependsOn?: string[];
}

export interface CancelBead {
  as: 'closed' | 'failed';
  reason?: string;
}

export interface CreateConvoy {
  rigId: string;
  title: string;
  tasks: ConvoyTask[];
  mergeMode?: 'review-then-land' | 'review-and-merge';
  /** Nothing is dispatched until it is started */
  staged?: boolean;
}

export interface ConvoyTask {
  title: string;
  /** At most 64 KiB as UTF-8 */
  body?: string;
  /** Places of other tasks in this list, from 0 */
  dependsOn?: number[];
}

export interface EditConvoy {
  title?: string;
  mergeMode?: 'review-then-land' | 'review-and-merge';
}

export interface CloseConvoy {
  reason?: string;
}

export interface AddConvoyBead {
  beadId: string;
  /** Beads of the convoy to wait for */
  dependsOn?: string[];
}

export interface NudgeAgent {
  message: string;
  /** Between its turns, in the middle of one, or with the next thing that it is told */
  mode?: 'wait-idle' | 'immediate' | 'queue';
}

export interface WriteToMayor {
  /** At most 16 KiB as UTF-8 */
  message: string;
  /** What the person is looking at, so that "this" means something; at most 4 KiB */
  context?: string;
}

export interface CreateStreamTicket {
  topic: 'town' | 'agent' | 'terminal';
  /** Required for the topics `agent` and `terminal` */
  agentId?: string;
}

export interface Town {
  id: string;
  name: string;
  orgId?: string;
  lifecycle: 'active' | 'paused' | 'deleting';
  /** When the town looks again by itself; null: when something happens */
  dueAt: string | null;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
}

/** A problem document (RFC 9457) */
export interface Problem {
  type: string;
  title: string;
  status: number;
  /** What is wrong and what to do next */
  detail: string;
  code:
    | 'invalid_input'
    | 'unauthorized'
    | 'not_found'
    | 'conflict'
    | 'gone'
    | 'too_large'
    | 'rate_limited'
    | 'internal'
    | 'unavailable';
  /** Where in the request, and what */
  issues?: {
    path: string;
    message: string;
  }[];
  requestId: string;
}

export interface TownList {
  items: Town[];
  /** For the next page; null on the last one */
  nextCursor: string | null;
}

export interface ExportRequested {
  exportId: string;
}

export interface Export {
  id: string;
  state: 'pending' | 'running' | 'ready' | 'failed';
  /** The file, for 15 minutes: ask again for another address */
  url?: string;
  /** ISO-8601, UTC */
  urlExpiresAt?: string;
  error?: string;
  bytes?: number;
  /** Lines by section */
  counts?: Partial<Record<string, number>>;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
}

export interface ImportBegun {
  importId: string;
  /** Takes the file with PUT, for an hour */
  uploadUrl: string;
  maxBytes: number;
}

export interface Import {
  id: string;
  state: 'waiting' | 'running' | 'ready' | 'failed';
  /** The new town, which is paused */
  townId?: string;
  /** Secrets that the town had: set them anew before it is resumed */
  missingSecrets?: string[];
  /** What is wrong with the file, and in which line */
  error?: {
    message: string;
    line?: number;
  };
  /** What it waits for */
  detail?: string;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
}

/** The town at a glance */
export interface Status {
  lifecycle: 'active' | 'paused' | 'deleting';
  /** Absent: active since it was made */
  lifecycleSince?: string;
  container: {
    state: 'absent' | 'starting' | 'running' | 'draining' | 'stopping' | 'lost';
    /** Number of the current or last container */
    epoch: number;
    /** ISO-8601, UTC */
    startedAt?: string;
    /** ISO-8601, UTC */
    lastSyncAt?: string;
  };
  agents: {
    working: number;
    waiting: number;
    idle: number;
    stalled: number;
  };
  beads: {
    open: number;
    inProgress: number;
    inReview: number;
    closed: number;
    failed: number;
  };
  convoys: {
    open: number;
    landed: number;
    needsAttention: number;
  };
  /** When the town looks again by itself; null: when something happens */
  dueAt: string | null;
  breaker: {
    state: 'closed' | 'open' | 'halfOpen';
    /** ISO-8601, UTC */
    since?: string;
  };
  capacity: {
    /** Agents that fit in the container at once */
    slots: number;
    /** What waits for a place: work, or the container for which the platform has no room */
    waiting: number;
  };
  /** The town since it was made; `left` until the next limit, null: not limited */
  budget: {
    state: 'ok' | 'soft' | 'hard';
    spent: {
      tokens: number;
      costUsd: number;
      containerMinutes: number;
    };
    left: {
      tokens: number | null;
      costUsd: number | null;
      containerMinutes: number | null;
    };
  };
  /** The town could not be brought forward; it is tried again at `dueAt` */
  failure?: {
    /** ISO-8601, UTC */
    since: string;
    count: number;
    error: string;
  };
}

export interface Explanations {
  items: Explanation[];
}

/** Why something is not moving this instant */
export interface Explanation {
  subject: {
    kind:
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
    id: string;
    title: string;
  };
  state: 'progressing' | 'queued' | 'waiting' | 'needs_attention';
  /** What has to happen, in a few words */
  waitingOn: string;
  rule: string;
  reason: string;
  /** ISO-8601, UTC */
  since: string;
  /** When the town looks again by itself; null: when something happens */
  until: string | null;
  /** Who has to act */
  who: 'town' | 'agent' | 'human' | 'platform';
  /** Place in the queue, from 1 */
  position?: number;
  /** What holds the place that this one waits for */
  heldBy?: {
    kind:
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
    id: string;
  };
}

export interface TownSettings {
  /** As set; secrets are shown as **** and their last characters */
  config: TownConfig;
  /** With every default; without secrets */
  effective: EffectiveTownConfig;
}

export interface EffectiveTownConfig {
  /** The model of agents that have no model of their own, from its next session on. */
  defaultModel: string | null;
  /** The model of titles and summaries, from its next session on. */
  smallModel: string | null;
  roleModels: {
    /** The model of the mayor, from its next session on. */
    mayor: string | null;
    /** The model of refineries, from its next session on. */
    refinery: string | null;
    /** The model of polecats, from its next session on. */
    polecat: string | null;
  };
  model: {
    provider: 'anthropic' | 'openai' | 'amazon-bedrock' | 'openai-compatible' | null;
    baseUrl: string | null;
    region: string | null;
  };
  budgets: {
    town: {
      softTokens: number | null;
      hardTokens: number | null;
      softCostUsd: number | null;
      hardCostUsd: number | null;
      softContainerMinutes: number | null;
      hardContainerMinutes: number | null;
    };
    convoy: {
      softTokens: number | null;
      hardTokens: number | null;
      softCostUsd: number | null;
      hardCostUsd: number | null;
      softContainerMinutes: number | null;
      hardContainerMinutes: number | null;
    };
    bead: {
      softTokens: number | null;
      hardTokens: number | null;
      softCostUsd: number | null;
      hardCostUsd: number | null;
      softContainerMinutes: number | null;
      hardContainerMinutes: number | null;
    };
  };
  maxPolecatsPerRig: number | null;
  /** Merge directly, or by pull request. A rig on a plain git remote always merges directly. */
  mergeStrategy: 'direct' | 'pr' | null;
  refinery: {
    gates: string[] | null;
    gateTimeoutSeconds: number | null;
    codeReview: boolean | null;
    autoMerge: boolean | null;
    autoMergeDelayMinutes: (number | null) | null;
    reviewMode: 'rework' | 'comments' | null;
    autoResolvePrFeedback: boolean | null;
    autoResolveMergeConflicts: boolean | null;
  };
  stagedConvoysDefault: boolean | null;
  /** For convoys that do not say: land all beads together from a feature branch, or merge each into the default branch. */
  convoyMergeMode: 'review-then-land' | 'review-and-merge' | null;
  gitAuthorName: string | null;
  gitAuthorEmail: string | null;
  disableAiCoauthor: boolean | null;
  customInstructions: {
    /** Said to polecats after the rules of its role, from its next session on. */
    polecat: string | null;
    /** Said to refineries after the rules of its role, from its next session on. */
    refinery: string | null;
    /** Said to the mayor after the rules of its role, from its next session on. */
    mayor: string | null;
  };
  container: {
    sleepAfterMinutes: number | null;
    memoryGiB: number | null;
  };
  gitAuth: {
    gitlabInstanceUrl: string | null;
    platformIntegrationId: string | null;
  };
}

export interface EventList {
  items: Event[];
  /** For the next page; null on the last one */
  nextCursor: string | null;
}

/** One decision of the town */
export interface Event {
  id: string;
  /** ISO-8601, UTC */
  at: string;
  subject: {
    kind: string;
    id: string;
  };
  from?: string;
  to?: string;
  /** Who decided: a rule, or the fact or request that was applied */
  rule: string;
  reason: string;
  decisionId: string;
  actor: 'town' | 'agent' | 'container' | 'platform' | 'person';
}

export interface Costs {
  by: 'bead' | 'convoy' | 'agent';
  /** By id; if there are more, those that cost most */
  items: CostRow[];
  /** Further ones, which only `total` counts */
  itemsLeftOut: number;
  /** Sessions that were for none of these, as the chats of the mayor are */
  other: Cost;
  /** Minutes in which no session ran */
  unattributedContainerMinutes: number;
  total: Cost;
  /** Where the numbers come from */
  source: string;
}

export interface CostRow {
  inputTokens: number;
  outputTokens: number;
  costUsd: number;
  sessions: number;
  agentMinutes: number;
  /** Each minute is shared by the sessions that ran in it */
  containerMinutes: number;
  id: string;
  title: string;
}

export interface Cost {
  inputTokens: number;
  outputTokens: number;
  costUsd: number;
  sessions: number;
  agentMinutes: number;
  /** Each minute is shared by the sessions that ran in it */
  containerMinutes: number;
}

/** A git repository that the town works on */
export interface Rig {
  id: string;
  name: string;
  gitUrl: string;
  defaultBranch: string;
  /** What has pull requests for it; null: a plain git remote, into which the town merges directly */
  forge: 'github' | null;
  /** What gives access to this repository; null: what the town has in `gitAuth` */
  integrationId: string | null;
  /** What was set for this rig; the rest is as the town has it */
  config: RigConfig;
  /** It is being removed: it takes no new work */
  removingSince?: string;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
}

export interface RigList {
  items: Rig[];
  /** For the next page; null on the last one */
  nextCursor: string | null;
}

/** A git repository, and all settings that hold for it */
export interface RigWithSettings {
  id: string;
  name: string;
  gitUrl: string;
  defaultBranch: string;
  /** What has pull requests for it; null: a plain git remote, into which the town merges directly */
  forge: 'github' | null;
  /** What gives access to this repository; null: what the town has in `gitAuth` */
  integrationId: string | null;
  /** What was set for this rig; the rest is as the town has it */
  config: RigConfig;
  /** It is being removed: it takes no new work */
  removingSince?: string;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
  /** The rig’s own settings, else the town’s, else the defaults */
  effective: EffectiveRigConfig;
}

export interface EffectiveRigConfig {
  /** The model of this rig’s agents that have no model of their own, from its next session on. */
  defaultModel: string | null;
  roleModels: {
    /** The model of this rig’s refinery, from its next session on. */
    refinery: string | null;
    /** The model of this rig’s polecats, from its next session on. */
    polecat: string | null;
  };
  maxConcurrentPolecats: number | null;
  maxDispatchAttempts: number | null;
  /** Merge directly, or by pull request. A rig on a plain git remote always merges directly. */
  mergeStrategy: 'direct' | 'pr' | null;
  /** For convoys that do not say: land all beads together from a feature branch, or merge each into the default branch. */
  convoyMergeMode: 'review-then-land' | 'review-and-merge' | null;
  refinery: {
    gates: string[] | null;
    gateTimeoutSeconds: number | null;
    codeReview: boolean | null;
    autoMerge: boolean | null;
    autoMergeDelayMinutes: (number | null) | null;
    reviewMode: 'rework' | 'comments' | null;
    autoResolvePrFeedback: boolean | null;
    autoResolveMergeConflicts: boolean | null;
  };
  customInstructions: {
    /** Said to this rig’s polecats, after the town’s, after the rules of its role, from its next session on. */
    polecat: string | null;
    /** Said to this rig’s refinery, after the town’s, after the rules of its role, from its next session on. */
    refinery: string | null;
  };
}

/** A work item */
export interface Bead {
  id: string;
  type: 'issue';
  rigId: string;
  title: string;
  /** What to do; in the answer for one bead, not in lists */
  body?: string;
  status: 'open' | 'in_progress' | 'in_review' | 'closed' | 'failed';
  /** ISO-8601, UTC */
  statusSince: string;
  priority: 'low' | 'medium' | 'high' | 'critical';
  labels: string[];
  metadata: Partial<Record<string, unknown>>;
  /** It waits until somebody starts it */
  held: boolean;
  dependsOn: Edge[];
  convoyId: string | null;
  /** Who works on it */
  agentId: string | null;
  branch: string | null;
  /** Number of the current or last attempt; 0: none yet */
  attempt: number;
  /** Steps of the work, in order; absent: it has none */
  steps?: {
    title: string;
    instructions?: string;
    /** What the worker said of it; null: not finished */
    summary: string | null;
  }[];
  /** Why the last attempt was not accepted */
  feedback?: string;
  failure?: RecordProblem;
  /** Model tokens and money (US dollars) of sessions that have ended */
  usage: Usage;
  /** ISO-8601, UTC */
  closedAt: string | null;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
}

/** A bead that is waited for, and what became of it */
export interface Edge {
  id: string;
  outcome: 'open' | 'closed' | 'failed';
}

export interface RecordProblem {
  code: string;
  message: string;
}

/** Model tokens and money (US dollars) of sessions that have ended */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  costUsd: number;
}

export interface BeadList {
  items: Bead[];
  /** For the next page; null on the last one */
  nextCursor: string | null;
}

export interface AttemptList {
  items: Attempt[];
  /** For the next page; null on the last one */
  nextCursor: string | null;
}

/** One session of an agent at a bead, or at its review */
export interface Attempt {
  id: string;
  /** The bead, or the merge request that was reviewed */
  subject: {
    kind: 'bead' | 'mergeRequest' | 'triageRequest' | 'town';
    id: string;
  };
  /** The bead's own count; 0 for a review */
  attempt: number;
  agentId: string;
  agentName: string;
  role: 'polecat' | 'refinery' | 'mayor' | 'triage';
  branch: string | null;
  /** ISO-8601, UTC */
  startedAt: string;
  /** Null while the session is at work */
  endedAt: string | null;
  /** `running`, `done`, `approved`, `changes_requested`, `cancelled`, `stopped`, `lost` or `failed` */
  outcome: string;
  reason: string;
  /** Model tokens and money (US dollars) of sessions that have ended */
  usage: Usage;
  /** Presigned; null: no transcript was kept */
  transcriptUrl: string | null;
  /** Presigned; null: no gate output was kept */
  gateOutputUrl: string | null;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
}

export interface ConvoyWithBeads {
  id: string;
  rigId: string;
  title: string;
  mergeMode: 'review-then-land' | 'review-and-merge';
  state: 'staged' | 'active' | 'landing' | 'needs_attention' | 'landed' | 'closed';
  /** ISO-8601, UTC */
  stateSince: string;
  /** Where the beads' branches merge in review-then-land */
  featureBranch: string;
  beads: Edge[];
  landingMergeRequestId: string | null;
  /** Why it waits for a person */
  attention?: RecordProblem;
  /** Model tokens and money (US dollars) of sessions that have ended */
  usage: Usage;
  /** ISO-8601, UTC */
  closedAt: string | null;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
  /** Its beads, in the order of the tasks */
  items: Bead[];
}

export interface ConvoyList {
  items: Convoy[];
  /** For the next page; null on the last one */
  nextCursor: string | null;
}

/** Beads that belong together and land together */
export interface Convoy {
  id: string;
  rigId: string;
  title: string;
  mergeMode: 'review-then-land' | 'review-and-merge';
  state: 'staged' | 'active' | 'landing' | 'needs_attention' | 'landed' | 'closed';
  /** ISO-8601, UTC */
  stateSince: string;
  /** Where the beads' branches merge in review-then-land */
  featureBranch: string;
  beads: Edge[];
  landingMergeRequestId: string | null;
  /** Why it waits for a person */
  attention?: RecordProblem;
  /** Model tokens and money (US dollars) of sessions that have ended */
  usage: Usage;
  /** ISO-8601, UTC */
  closedAt: string | null;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
}

export interface MergeQueue {
  items: QueuedMergeRequest[];
  /** For the next page; null on the last one */
  nextCursor: string | null;
}

export interface QueuedMergeRequest {
  id: string;
  rigId: string;
  subject: {
    kind: 'bead' | 'convoy';
    id: string;
  };
  title: string;
  branch: string;
  target: string;
  headSha: string | null;
  stage: 'queued' | 'checking' | 'reviewing' | 'open' | 'merging' | 'merged' | 'failed';
  /** ISO-8601, UTC */
  stageSince: string;
  reviewerAgentId: string | null;
  mergeSha: string | null;
  failure?: RecordProblem;
  /** ISO-8601, UTC */
  closedAt: string | null;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
  /** Place in the queue of its rig, from 1: the first one holds its slot */
  position: number;
  /** Since when it is in the queue */
  waitingSince: string;
  /** What has to happen next, in a few words */
  waitingOn: string | null;
  /** Of its pull request; empty: none, or it has no pull request */
  blockers: {
    kind:
      | 'draft'
      | 'inMergeQueue'
      | 'conflict'
      | 'behindBase'
      | 'checkFailed'
      | 'checkPending'
      | 'checksUnknown'
      | 'needsApproval'
      | 'changesRequested'
      | 'unresolvedThreads'
      | 'policyRefused'
      | 'unknownYet';
    who: 'agent' | 'human' | 'platform';
    detail: string;
  }[];
  /** Null: the town merges it itself, or it is not open yet */
  pullRequest: {
    number: number;
    url: string;
    headSha: string | null;
    /** When the town looked at it last */
    observedAt: string | null;
    awaitingApproval: boolean;
    changesRequested: boolean;
    /** Nothing blocks it */
    allGreen: boolean;
  } | null;
}

export interface AgentList {
  items: Agent[];
  /** For the next page; null on the last one */
  nextCursor: string | null;
}

export interface Agent {
  id: string;
  role: 'polecat' | 'refinery' | 'mayor' | 'triage';
  name: string;
  /** Empty for the mayor, who belongs to the whole town */
  rigId: string;
  status: 'idle' | 'working' | 'waiting';
  /** What it works on */
  hook: {
    kind: 'bead' | 'mergeRequest' | 'triageRequest';
    id: string;
  } | null;
  /** Sessions of this agent so far */
  attempt: number;
  /** ISO-8601, UTC */
  dispatchedAt: string | null;
  /** What it says it is doing */
  statusMessage: string | null;
  /** ISO-8601, UTC */
  statusMessageAt: string | null;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
}

export interface EscalationList {
  items: Escalation[];
  /** For the next page; null on the last one */
  nextCursor: string | null;
}

/** Something that an agent cannot solve and a person should see */
export interface Escalation {
  id: string;
  state: 'open' | 'acknowledged';
  severity: 'low' | 'medium' | 'high' | 'critical';
  title: string;
  text?: string;
  /** Who asks for help */
  agentId: string;
  /** What it worked on */
  beadId: string | null;
  rigId: string | null;
  acknowledgedBy: string | null;
  /** ISO-8601, UTC */
  closedAt: string | null;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
}

export interface Mayor {
  /** null before somebody first asked for the mayor */
  session: {
    agentId: string;
    /** active: it can be talked to now; starting: soon; idle: it has no session */
    status: 'active' | 'idle' | 'starting';
    /** ISO-8601, UTC */
    lastActiveAt: string | null;
    /** Why its last session broke */
    problem: string | null;
  } | null;
  /** Messages that wait for an answer */
  unanswered: number;
  /** The chat, newest last */
  items: ChatMessage[];
  /** Leads to what was said before */
  nextCursor: string | null;
}

export interface ChatMessage {
  id: string;
  from: 'user' | 'mayor';
  /** The user, for a message of one */
  by?: string;
  text: string;
  /** ISO-8601, UTC */
  at: string;
  /** The mayor has not finished its turn on it */
  unanswered: boolean;
}

/** Enough to show the mayor without another call */
export interface EnsuredMayor {
  agentId: string;
  /** active: it can be talked to now; starting: soon; idle: it has no session */
  sessionStatus: 'active' | 'idle' | 'starting';
  decision: 'short_circuit_warm' | 'short_circuit_idle' | 'sdk_dead_redispatch' | 'fresh_dispatch';
}

export interface MessageTaken {
  messageId: string;
}

/** For one WebSocket connection within 60 seconds */
export interface StreamTicket {
  /** Connect here as it stands: the ticket is in it */
  url: string;
  ticket: string;
  /** ISO-8601, UTC */
  expiresAt: string;
}

export interface IntegrationList {
  items: Integration[];
  /** For the next page; null on the last one */
  nextCursor: string | null;
}

/** An installation of the GitHub App, which gives access to repositories */
export interface Integration {
  id: string;
  provider: 'github';
  /** The organisation that it belongs to; null: yourself */
  orgId: string | null;
  /** Where the GitHub App is installed */
  account: {
    login: string;
    type: string;
  };
  /** Which of the account’s repositories it reaches */
  selection: 'all' | 'selected';
  /** Deleted ones are in no list */
  state: 'active' | 'suspended' | 'deleted';
  /** GitHub’s number of the installation */
  installationId: number;
  /** ISO-8601, UTC */
  createdAt: string;
  /** ISO-8601, UTC */
  updatedAt: string;
}

export interface RepositoryList {
  items: Repository[];
  /** For the next page; null on the last one */
  nextCursor: string | null;
}

/** A repository that an integration reaches */
export interface Repository {
  /** `owner/name` */
  fullName: string;
  gitUrl: string;
  defaultBranch: string;
  private: boolean;
}

export interface InstallUrl {
  /** Send the browser there as it stands, within ten minutes and once */
  url: string;
}

export interface Health {
  status: 'ok';
  version: string;
}

/** An OpenAPI 3.1 document */
export interface OpenApiDocument {
  openapi: string;
  info: Record<string, unknown>;
  paths: Record<string, unknown>;
  [key: string]: unknown;
}

/** Every operation of the API by its name. Errors are those of `send`. */
export const createOperations = (send: Send) => ({
  /** Create a town */
  createTown: (body: CreateTown) => send<Town>({ method: 'POST', path: `/v1/towns`, body, isCreation: true }),

  /** List one's own towns and those of one's organisations */
  listTowns: ({
    ...query
  }: {
    limit?: number;

    cursor?: string;
  } = {}) => send<TownList>({ method: 'GET', path: `/v1/towns`, query }),

  /** Get a town */
  getTown: ({ townId }: { townId: string }) =>
    send<Town>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}`,
    }),

  /** Delete a town with everything that it keeps */
  deleteTown: ({ townId }: { townId: string }) =>
    send<Town>({
      method: 'DELETE',
      path: `/v1/towns/${encodeURIComponent(townId)}`,
    }),

  /** Ask for a file of all that a town keeps but secrets */
  requestExport: ({ townId }: { townId: string }, body: Nothing = {}) =>
    send<ExportRequested>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/exports`,
      body,
      isCreation: true,
    }),

  /** Say how an export stands, and where its file is */
  getExport: ({ townId, exportId }: { townId: string; exportId: string }) =>
    send<Export>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/exports/${encodeURIComponent(exportId)}`,
    }),

  /** Begin the import of a town; its file is sent to the answered address */
  beginImport: (body: Nothing = {}) =>
    send<ImportBegun>({
      method: 'POST',
      path: `/v1/towns/imports`,
      body,
      isCreation: true,
    }),

  /** Say how an import stands; asked after the upload, it makes the import go on */
  getImport: ({ importId }: { importId: string }) =>
    send<Import>({
      method: 'GET',
      path: `/v1/towns/imports/${encodeURIComponent(importId)}`,
    }),

  /** Get a town at a glance */
  getStatus: ({ townId }: { townId: string }) =>
    send<Status>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/status`,
    }),

  /** Say why things are not moving, and who has to act */
  explainWaits: ({
    townId,
    ...query
  }: { townId: string } & {
    beadId?: string;
  }) =>
    send<Explanations>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/why`,
      query,
    }),

  /** Pause a town: nothing is dispatched or merged, its container saves and stops */
  pauseTown: ({ townId }: { townId: string }, body: Nothing = {}) =>
    send<Town>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/pause`,
      body,
    }),

  /** Resume a paused town */
  resumeTown: ({ townId }: { townId: string }, body: Nothing = {}) =>
    send<Town>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/resume`,
      body,
    }),

  /** Let a rule run again that is suspended because it would have broken an invariant */
  resumeRule: ({ townId }: { townId: string }, body: ResumeRule) =>
    send<Town>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/rules/resume`,
      body,
    }),

  /** Get the settings of a town, as set and in effect */
  getTownConfig: ({ townId }: { townId: string }) =>
    send<TownSettings>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/config`,
    }),

  /** Change settings of a town */
  updateTownConfig: ({ townId }: { townId: string }, body: TownConfigPatch = {}) =>
    send<TownSettings>({
      method: 'PATCH',
      path: `/v1/towns/${encodeURIComponent(townId)}/config`,
      body,
    }),

  /** List what was decided, by which rule and why, newest first */
  listEvents: ({
    townId,
    ...query
  }: { townId: string } & {
    limit?: number;

    cursor?: string;
  }) =>
    send<EventList>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/events`,
      query,
    }),

  /** Say what was spent, and on what, as sessions and tasks reported it */
  getCosts: ({
    townId,
    ...query
  }: { townId: string } & {
    by: 'bead' | 'convoy' | 'agent';

    from?: string;

    to?: string;
  }) =>
    send<Costs>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/costs`,
      query,
    }),

  /** Add a repository to a town */
  createRig: ({ townId }: { townId: string }, body: CreateRig) =>
    send<Rig>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/rigs`,
      body,
      isCreation: true,
    }),

  /** List the repositories of a town */
  listRigs: ({
    townId,
    ...query
  }: { townId: string } & {
    limit?: number;

    cursor?: string;
  }) =>
    send<RigList>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/rigs`,
      query,
    }),

  /** Get a repository of a town */
  getRig: ({ townId, rigId }: { townId: string; rigId: string }) =>
    send<RigWithSettings>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/rigs/${encodeURIComponent(rigId)}`,
    }),

  /** Change the name, address, default branch or settings of a repository */
  editRig: ({ townId, rigId }: { townId: string; rigId: string }, body: EditRig) =>
    send<RigWithSettings>({
      method: 'PATCH',
      path: `/v1/towns/${encodeURIComponent(townId)}/rigs/${encodeURIComponent(rigId)}`,
      body,
    }),

  /** Take a repository out of the town; with `force`, also one with unfinished work, which is cancelled */
  removeRig: ({
    townId,
    rigId,
    ...query
  }: { townId: string; rigId: string } & {
    force?: boolean;
  }) =>
    send<Rig>({
      method: 'DELETE',
      path: `/v1/towns/${encodeURIComponent(townId)}/rigs/${encodeURIComponent(rigId)}`,
      query,
    }),

  /** Create a bead */
  createBead: ({ townId }: { townId: string }, body: CreateBead) =>
    send<Bead>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/beads`,
      body,
      isCreation: true,
    }),

  /** List beads, live and ended ones */
  listBeads: ({
    townId,
    ...query
  }: { townId: string } & {
    limit?: number;

    cursor?: string;
    status?: 'open' | 'in_progress' | 'in_review' | 'closed' | 'failed';
    type?: 'issue';
    rigId?: string;
    convoyId?: string;
    agentId?: string;
    label?: string;
  }) =>
    send<BeadList>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/beads`,
      query,
    }),

  /** Get a bead, with its body */
  getBead: ({ townId, beadId }: { townId: string; beadId: string }) =>
    send<Bead>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/beads/${encodeURIComponent(beadId)}`,
    }),

  /** Change the title, body, priority, labels or dependencies of a live bead */
  editBead: ({ townId, beadId }: { townId: string; beadId: string }, body: EditBead) =>
    send<Bead>({
      method: 'PATCH',
      path: `/v1/towns/${encodeURIComponent(townId)}/beads/${encodeURIComponent(beadId)}`,
      body,
    }),

  /** Delete a bead: whoever waited for it waits no longer */
  deleteBead: ({ townId, beadId }: { townId: string; beadId: string }) =>
    send<Bead>({
      method: 'DELETE',
      path: `/v1/towns/${encodeURIComponent(townId)}/beads/${encodeURIComponent(beadId)}`,
    }),

  /** Ask for an ended bead anew, on its old branch */
  reopenBead: ({ townId, beadId }: { townId: string; beadId: string }, body: Nothing = {}) =>
    send<Bead>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/beads/${encodeURIComponent(beadId)}/reopen`,
      body,
    }),

  /** List the sessions of agents at a bead and at its reviews, oldest first */
  listAttempts: ({
    townId,
    beadId,
    ...query
  }: { townId: string; beadId: string } & {
    limit?: number;

    cursor?: string;
  }) =>
    send<AttemptList>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/beads/${encodeURIComponent(beadId)}/attempts`,
      query,
    }),

  /** Start a bead that is held */
  startBead: ({ townId, beadId }: { townId: string; beadId: string }, body: Nothing = {}) =>
    send<Bead>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/beads/${encodeURIComponent(beadId)}/start`,
      body,
    }),

  /** End a bead as closed or failed */
  cancelBead: ({ townId, beadId }: { townId: string; beadId: string }, body: CancelBead) =>
    send<Bead>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/beads/${encodeURIComponent(beadId)}/cancel`,
      body,
    }),

  /** Create a convoy and its beads */
  createConvoy: ({ townId }: { townId: string }, body: CreateConvoy) =>
    send<ConvoyWithBeads>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/convoys`,
      body,
      isCreation: true,
    }),

  /** List convoys, live and ended ones */
  listConvoys: ({
    townId,
    ...query
  }: { townId: string } & {
    limit?: number;

    cursor?: string;
  }) =>
    send<ConvoyList>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/convoys`,
      query,
    }),

  /** Get a convoy, with its beads and what they wait for */
  getConvoy: ({ townId, convoyId }: { townId: string; convoyId: string }) =>
    send<ConvoyWithBeads>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/convoys/${encodeURIComponent(convoyId)}`,
    }),

  /** Change the title of a convoy, or how it merges while no work has begun */
  editConvoy: ({ townId, convoyId }: { townId: string; convoyId: string }, body: EditConvoy) =>
    send<Convoy>({
      method: 'PATCH',
      path: `/v1/towns/${encodeURIComponent(townId)}/convoys/${encodeURIComponent(convoyId)}`,
      body,
    }),

  /** Start a staged convoy */
  startConvoy: ({ townId, convoyId }: { townId: string; convoyId: string }, body: Nothing = {}) =>
    send<Convoy>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/convoys/${encodeURIComponent(convoyId)}/start`,
      body,
    }),

  /** Give a convoy up: what is unfinished is cancelled, nothing lands */
  closeConvoy: ({ townId, convoyId }: { townId: string; convoyId: string }, body: CloseConvoy = {}) =>
    send<Convoy>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/convoys/${encodeURIComponent(convoyId)}/close`,
      body,
    }),

  /** Try again what needs attention: failed beads, or the landing */
  retryConvoy: ({ townId, convoyId }: { townId: string; convoyId: string }, body: Nothing = {}) =>
    send<Convoy>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/convoys/${encodeURIComponent(convoyId)}/retry`,
      body,
    }),

  /** Add a bead that nobody has begun */
  addConvoyBead: ({ townId, convoyId }: { townId: string; convoyId: string }, body: AddConvoyBead) =>
    send<Convoy>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/convoys/${encodeURIComponent(convoyId)}/beads`,
      body,
    }),

  /** Go on without a bead that failed or that nobody has begun */
  removeConvoyBead: ({ townId, convoyId, beadId }: { townId: string; convoyId: string; beadId: string }) =>
    send<Convoy>({
      method: 'DELETE',
      path: `/v1/towns/${encodeURIComponent(townId)}/convoys/${encodeURIComponent(convoyId)}/beads/${encodeURIComponent(beadId)}`,
    }),

  /** List what is on its way into its target */
  listMergeQueue: ({
    townId,
    ...query
  }: { townId: string } & {
    limit?: number;

    cursor?: string;
    rigId?: string;
  }) =>
    send<MergeQueue>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/merge-queue`,
      query,
    }),

  /** List the agents of a town */
  listAgents: ({
    townId,
    ...query
  }: { townId: string } & {
    limit?: number;

    cursor?: string;
  }) =>
    send<AgentList>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/agents`,
      query,
    }),

  /** Get an agent */
  getAgent: ({ townId, agentId }: { townId: string; agentId: string }) =>
    send<Agent>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/agents/${encodeURIComponent(agentId)}`,
    }),

  /** End the session of an agent; its bead is held until somebody starts it */
  stopAgent: ({ townId, agentId }: { townId: string; agentId: string }, body: Nothing = {}) =>
    send<Agent>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/agents/${encodeURIComponent(agentId)}/stop`,
      body,
    }),

  /** End the session of an agent; its work starts again at once */
  resetAgent: ({ townId, agentId }: { townId: string; agentId: string }, body: Nothing = {}) =>
    send<Agent>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/agents/${encodeURIComponent(agentId)}/reset`,
      body,
    }),

  /** Say something to an agent at work */
  nudgeAgent: ({ townId, agentId }: { townId: string; agentId: string }, body: NudgeAgent) =>
    send<Agent>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/agents/${encodeURIComponent(agentId)}/nudge`,
      body,
    }),

  /** List what agents asked for help with, acknowledged or not */
  listEscalations: ({
    townId,
    ...query
  }: { townId: string } & {
    limit?: number;

    cursor?: string;
  }) =>
    send<EscalationList>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/escalations`,
      query,
    }),

  /** Say that somebody has seen it */
  acknowledgeEscalation: (
    { townId, escalationId }: { townId: string; escalationId: string },
    body: Nothing = {},
  ) =>
    send<Escalation>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/escalations/${encodeURIComponent(escalationId)}/acknowledge`,
      body,
    }),

  /** Get the chat with the mayor, newest last */
  getMayor: ({
    townId,
    ...query
  }: { townId: string } & {
    limit?: number;

    cursor?: string;
  }) =>
    send<Mayor>({
      method: 'GET',
      path: `/v1/towns/${encodeURIComponent(townId)}/mayor`,
      query,
    }),

  /** Have the mayor ready */
  ensureMayor: ({ townId }: { townId: string }, body: Nothing = {}) =>
    send<EnsuredMayor>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/mayor/ensure`,
      body,
    }),

  /** Write to the mayor */
  writeToMayor: ({ townId }: { townId: string }, body: WriteToMayor) =>
    send<MessageTaken>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/mayor/messages`,
      body,
      isCreation: true,
    }),

  /** Get a ticket for one WebSocket connection to a topic */
  createStreamTicket: ({ townId }: { townId: string }, body: CreateStreamTicket) =>
    send<StreamTicket>({
      method: 'POST',
      path: `/v1/towns/${encodeURIComponent(townId)}/stream-tickets`,
      body,
    }),

  /** List one's own integrations and those of one's organisations */
  listIntegrations: ({
    ...query
  }: {
    limit?: number;

    cursor?: string;
  } = {}) => send<IntegrationList>({ method: 'GET', path: `/v1/integrations`, query }),

  /** List the repositories that an integration reaches; none while it is suspended */
  listIntegrationRepositories: ({
    integrationId,
    ...query
  }: { integrationId: string } & {
    limit?: number;

    cursor?: string;
  }) =>
    send<RepositoryList>({
      method: 'GET',
      path: `/v1/integrations/${encodeURIComponent(integrationId)}/repositories`,
      query,
    }),

  /** Get the address where a browser installs the GitHub App */
  getInstallUrl: ({
    ...query
  }: {
    return?: string;

    orgId?: string;
  } = {}) =>
    send<InstallUrl>({
      method: 'GET',
      path: `/v1/integrations/github/install-url`,
      query,
    }),

  /** Say that the service is there */
  getHealth: () => send<Health>({ method: 'GET', path: `/v1/health` }),

  /** Get this document */
  getOpenApiDocument: () => send<OpenApiDocument>({ method: 'GET', path: `/v1/openapi.json` }),
});

export type Operations = ReturnType<typeof createOperations>;
