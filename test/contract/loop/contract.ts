import { afterAll, beforeAll, describe } from 'vitest';
import type { MakeStore, StoreSubject } from '../store/subject.ts';
import { containerContract } from './containers.ts';
import { crashContract, type CrashOptions } from './crashes.ts';
import { messageContract } from './messages.ts';
import { raceContract } from './races.ts';
import type { GetSubject } from './story.ts';
import { undisturbedContract } from './undisturbed.ts';

/** The whole loop, from the request to the town that sleeps again, on a store: whatever goes wrong, the end is the same. */
export function loopContract(makeStore: MakeStore, crashes: CrashOptions = {}): void {
  let subject: StoreSubject | undefined;
  beforeAll(async () => {
    subject = await makeStore();
  });
  afterAll(() => subject?.remove());
  const getSubject: GetSubject = () => {
    if (subject === undefined) throw new Error('there is no store yet');
    return subject;
  };
  describe('undisturbed', () => {
    undisturbedContract(getSubject);
  });
  describe('messages', () => {
    messageContract(getSubject);
  });
  describe('races', () => {
    raceContract(getSubject);
  });
  describe('containers', () => {
    containerContract(getSubject);
  });
  describe('crashes', () => {
    crashContract(getSubject, crashes);
  });
}
