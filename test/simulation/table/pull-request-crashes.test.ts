import { beforeAll, describe } from 'vitest';
import { crashContract } from '../../contract/loop/crashes.ts';
import type { StoreSubject } from '../../contract/store/subject.ts';
import { modelSubject } from './subject.ts';

/** The calls of the forge are among those at which it crashes: nothing is opened twice, and nothing is merged twice. */
describe('a convoy that lands through pull requests', () => {
  let subject: StoreSubject;
  beforeAll(async () => {
    subject = await modelSubject();
  });
  crashContract(() => subject, {
    settings: {
      isOnForge: true,
      config: { mergeStrategy: 'pr', refinery: { autoMergeDelayMinutes: 0 } },
    },
  });
});
