const NARROWING = 'for the types: an invariant keeps it from being so';

/** Guards whose loss changes nothing that could be seen, with the reason: `file: text`. Few, and each is a question to the rule. */
export const EQUIVALENT: Readonly<Record<string, string>> = {
  'agent-patrol.ts: hook === undefined': NARROWING,
  'convoy-close.ts: convoy === undefined': 'for the types: the convoy was just read',
  'convoy-progress.ts: rig === undefined': NARROWING,
  'merge-queue-review.ts: rig === undefined': NARROWING,
};
