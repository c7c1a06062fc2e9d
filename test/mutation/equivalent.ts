const NARROWING = 'for the types: an invariant keeps it from being so';

/** Guards whose loss changes nothing that could be seen, with the reason: `file: text`. Few, and each is a question to the rule. */
export const EQUIVALENT: Readonly<Record<string, string>> = {
  'agent-patrol.ts: hook === undefined': NARROWING,
  'convoy-close.ts: convoy === undefined': 'for the types: the convoy was just read',
  'convoy-progress.ts: rig === undefined': NARROWING,
  'merge-queue-review.ts: rig === undefined': NARROWING,
  'pull-request-merge.ts: rig === undefined': NARROWING,
  'pull-request-repair.ts: rig === undefined': NARROWING,
  'pull-request-merge.ts: readySince === undefined':
    'for the types: what is not ready is hindered, which is asked before',
  'pull-request-merge.ts: mr.headSha === undefined': 'for the types: what the town has checked has a head',
};
