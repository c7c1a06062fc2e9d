import { afterAll, beforeAll, describe } from 'vitest';
import { archiveContract } from './archive.ts';
import { commitContract } from './commits.ts';
import { containerContract } from './containers.ts';
import { costContract } from './costs.ts';
import { creationContract } from './creation.ts';
import { dueContract } from './due.ts';
import { editContract } from './edits.ts';
import { evolutionContract } from './evolution.ts';
import { historyContract } from './history.ts';
import { logContract } from './logs.ts';
import { raceContract } from './races.ts';
import { snapshotContract } from './snapshots.ts';
import type { MakeStore, StoreSubject } from './subject.ts';

/** Everything that a town store must do, whatever it runs on. */
export function townStoreContract(makeStore: MakeStore): void {
  let subject: StoreSubject | undefined;
  beforeAll(async () => {
    subject = await makeStore();
  });
  afterAll(() => subject?.remove());
  const getSubject = (): StoreSubject => {
    if (subject === undefined) throw new Error('there is no store yet');
    return subject;
  };
  describe('creating', () => {
    creationContract(getSubject);
  });
  describe('committing', () => {
    commitContract(getSubject);
  });
  describe("people's changes", () => {
    editContract(getSubject);
  });
  describe('what is remembered', () => {
    historyContract(getSubject);
  });
  describe('what has ended', () => {
    archiveContract(getSubject);
  });
  describe('races', () => {
    raceContract(getSubject);
  });
  describe('due times', () => {
    dueContract(getSubject);
  });
  describe('containers and claims', () => {
    containerContract(getSubject);
  });
  describe('snapshots of sessions', () => {
    snapshotContract(getSubject);
  });
  describe('the log and the quarantine', () => {
    logContract(getSubject);
  });
  describe('old and new code', () => {
    evolutionContract(getSubject);
  });
  describe('costs', () => {
    costContract(getSubject);
  });
}
