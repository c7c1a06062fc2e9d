import { describe } from 'vitest';
import { loopContract } from '../../contract/loop/contract.ts';
import { townStoreContract } from '../../contract/store/contract.ts';
import { modelSubject } from './subject.ts';

describe('the store on the model of the table', () => {
  townStoreContract(modelSubject);
});

describe('the loop on the model of the table', () => {
  // Every place at which it can crash is crashed at; `npm run soak:crashes` does so one crash a run.
  loopContract(modelSubject, { isEachAlone: process.env['GASTOWN_CRASHES_ALONE'] === '1' });
});
