interface Size {
  /** Units; 1024 are one vCPU. */
  readonly cpu: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** What Fargate has, in GiB of memory for each number of vCPUs. Source: "Task CPU and memory" in the ECS developer guide. */
const SIZES: readonly Size[] = [
  { cpu: 1024, least: 2, most: 3, step: 1 },
  // Two vCPUs from where they are to be had: agents compile and test.
  { cpu: 2048, least: 4, most: 16, step: 1 },
  { cpu: 4096, least: 17, most: 30, step: 1 },
  { cpu: 8192, least: 32, most: 60, step: 4 },
  { cpu: 16_384, least: 64, most: 120, step: 8 },
];

/** The smallest size that has so much memory, as RunTask takes it. @param memoryGiB 2 to 120 */
export function taskSize(memoryGiB: number): { readonly cpu: string; readonly memory: string } {
  const size = SIZES.find(({ most }) => memoryGiB <= most) ?? SIZES.at(-1);
  if (size === undefined) throw new Error('Fargate has no sizes');
  const { cpu, least, most, step } = size;
  const memory = Math.min(most, Math.max(least, Math.ceil(memoryGiB / step) * step));
  return { cpu: `${cpu}`, memory: `${memory * 1024}` };
}
