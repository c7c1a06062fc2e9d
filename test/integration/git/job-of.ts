import { jobSpec, type CheckJob } from '../../../core/protocol/job.ts';

export function checkJobOf(json: string): CheckJob {
  const spec = jobSpec.parse(JSON.parse(json));
  if (spec.kind !== 'check') throw new TypeError(`a ${spec.kind} job`);
  return spec;
}
