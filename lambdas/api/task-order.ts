import { InvalidInput } from '../../core/errors.ts';

interface Task {
  /** Places of other tasks in the same list. */
  readonly dependsOn: readonly number[];
}

/** @throws InvalidInput for a task that depends on itself or on none that is there, and for circles */
export function checkTaskOrder(tasks: readonly Task[]): void {
  const issues: { path: string; message: string }[] = [];
  for (const [index, task] of tasks.entries()) {
    for (const other of task.dependsOn) {
      if (other >= tasks.length || other === index) {
        issues.push({ path: `tasks.${index}.dependsOn`, message: `there is no other task ${other}` });
      }
    }
  }
  if (issues.length > 0)
    throw new InvalidInput('A task depends on one that does not exist; see `issues`.', issues);
  const open = new Set(tasks.keys());
  for (let round = 0; round < tasks.length && open.size > 0; round += 1) {
    for (const index of open) {
      if ((tasks[index]?.dependsOn ?? []).every((other) => !open.has(other))) open.delete(index);
    }
  }
  if (open.size > 0) {
    const path = [...open].map((index) => `tasks.${index}`).join(', ');
    throw new InvalidInput('The tasks depend on each other in a circle; see `issues`.', [
      { path, message: 'part of a circle, or behind one' },
    ]);
  }
}
