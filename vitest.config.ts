import { defineConfig } from 'vitest/config';

/** Two cores. The pure core first, then parts two at a time, then whole systems (agent servers, containers) one by one. */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'core',
          include: ['test/unit/core/**/*.test.ts', 'test/unit/architecture/**/*.test.ts'],
          // Nothing in the core has state of its own, so files may share their modules.
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/unit/core/**',
            'test/unit/architecture/**',
            'test/integration/agents/**',
            'test/integration/supervisor/**',
            'test/integration/model-shapes/**',
            'test/e2e/**',
          ],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: [
            'test/integration/agents/**/*.test.ts',
            'test/integration/supervisor/**/*.test.ts',
            'test/integration/model-shapes/**/*.test.ts',
            'test/e2e/**/*.test.ts',
          ],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
