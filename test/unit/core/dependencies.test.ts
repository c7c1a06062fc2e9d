import { expect, test } from 'vitest';
import { cycleThrough } from '../../../core/town/dependencies.ts';

const TABLE: readonly {
  situation: string;
  graph: Record<string, readonly string[]>;
  dependsOn: readonly string[];
  circle: readonly string[] | undefined;
}[] = [
  { situation: 'nothing', graph: {}, dependsOn: [], circle: undefined },
  { situation: 'itself', graph: {}, dependsOn: ['a'], circle: ['a', 'a'] },
  { situation: 'what waits for it', graph: { b: ['a'] }, dependsOn: ['b'], circle: ['a', 'b', 'a'] },
  {
    situation: 'what waits for it by way of another',
    graph: { b: ['c'], c: ['a'] },
    dependsOn: ['b'],
    circle: ['a', 'b', 'c', 'a'],
  },
  { situation: 'a diamond', graph: { b: ['d'], c: ['d'], d: [] }, dependsOn: ['b', 'c'], circle: undefined },
  {
    situation: 'a circle of others, which was there before',
    graph: { b: ['c'], c: ['b'] },
    dependsOn: ['b'],
    circle: undefined,
  },
  {
    situation: 'what it waited for until now does not count',
    graph: { a: ['b'], b: [] },
    dependsOn: [],
    circle: undefined,
  },
];

test.each(TABLE)('a bead that depends on $situation', ({ graph, dependsOn, circle }) => {
  expect(cycleThrough('a', dependsOn, (id) => graph[id] ?? [])).toEqual(circle);
});

test('a large graph is walked once', () => {
  const layers = 300;
  let asked = 0;
  const next = (id: string): string[] => {
    asked += 1;
    const layer = Number(id.split('.')[0]) + 1;
    return layer < layers ? [`${layer}.0`, `${layer}.1`] : [];
  };
  expect(cycleThrough('a', ['0.0', '0.1'], next)).toBeUndefined();
  expect(asked).toBe(2 * layers);
});
