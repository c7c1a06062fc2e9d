import type { ConvoyTask } from '../../client/api.generated.ts';
import { UsageError } from '../../usage-error.ts';

/**
 * The tasks of a command line: `--after` and `--body` belong to the `--task` before them.
 * @throws UsageError
 */
export function tasksOf(words: readonly string[]): ConvoyTask[] {
  const tasks: ConvoyTask[] = [];
  for (const { name, value } of optionsIn(words)) {
    const task = tasks.at(-1);
    if (name === 'task') {
      tasks.push({ title: value });
    } else if (task === undefined) {
      throw new UsageError(`--${name} belongs to a task: say --task before it.`);
    } else if (name === 'body') {
      task.body = value;
    } else {
      task.dependsOn = [...(task.dependsOn ?? []), ...placesIn(value)];
    }
  }
  return tasks;
}

const OWN = /^--(task|after|body)(?:=([\s\S]*))?$/;

function* optionsIn(words: readonly string[]): Generator<{ name: string; value: string }> {
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined && word !== '--'; word = rest.shift()) {
    const [, name, inline] = OWN.exec(word) ?? [];
    if (name !== undefined) yield { name, value: inline ?? rest.shift() ?? '' };
  }
}

function placesIn(text: string): number[] {
  return text.split(',').map((place) => {
    if (!/^\s*\d+\s*$/.test(place)) {
      throw new UsageError(`--after has places of tasks, from 0: --after 0,1. This is none: "${place}".`);
    }
    return Number(place);
  });
}
