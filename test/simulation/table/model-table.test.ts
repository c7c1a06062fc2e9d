import { describe } from 'vitest';
import { loopContract } from '../../contract/loop/contract.ts';
import { townStoreContract } from '../../contract/store/contract.ts';
import { modelSubject } from './subject.ts';

describe('the store on the model of the table', () => {
  townStoreContract(modelSubject);
});

describe('the loop on the model of the table', () => {
  loopContract(modelSubject, { isEachAlone: true });
});
