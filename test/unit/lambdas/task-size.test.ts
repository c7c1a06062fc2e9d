import { expect, test } from 'vitest';
import { taskSize } from '../../../lambdas/adapters/ecs/task-size.ts';

/** Source: "Task CPU and memory" in the ECS developer guide. In GiB. */
const FARGATE: Readonly<Record<string, readonly number[]>> = {
  1024: [2, 3, 4, 5, 6, 7, 8],
  2048: Array.from({ length: 13 }, (_, n) => 4 + n),
  4096: Array.from({ length: 23 }, (_, n) => 8 + n),
  8192: Array.from({ length: 12 }, (_, n) => 16 + 4 * n),
  16384: Array.from({ length: 12 }, (_, n) => 32 + 8 * n),
};

test('whatever is set is a size that Fargate has, and at least as much memory', () => {
  for (let memoryGiB = 2; memoryGiB <= 120; memoryGiB += 1) {
    const { cpu, memory } = taskSize(memoryGiB);
    const got = Number(memory) / 1024;
    expect(FARGATE[cpu]).toContain(got);
    expect(got).toBeGreaterThanOrEqual(memoryGiB);
    expect(got - memoryGiB).toBeLessThan(8);
  }
});

test.each([
  [2, '1024', 2],
  [8, '2048', 8],
  [16, '2048', 16],
  [17, '4096', 17],
  [31, '8192', 32],
  [33, '8192', 36],
  [61, '16384', 64],
  [120, '16384', 120],
])('%i GiB: %s units of CPU, %i GiB', (memoryGiB, cpu, memory) => {
  expect(taskSize(memoryGiB)).toEqual({ cpu, memory: `${memory * 1024}` });
});
