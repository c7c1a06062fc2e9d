import { expect, test } from 'vitest';
import { createLiveView, renderSnapshot, type ViewOutput } from '../../../local/demo/live-view.ts';
import { bead, snapshot, why } from './snapshots.ts';

test('a snapshot is a line each, with why it waits, until when and at which place', () => {
  const lines = renderSnapshot(
    snapshot({
      beads: [
        bead('bead-1', 'closed', { title: 'A title that is longer than its column' }),
        bead('bead-2', 'open'),
      ],
      mergeQueue: [{ id: 'mr-1', title: 'Add', stage: 'queued', subject: { kind: 'bead', id: 'bead-1' } }],
      why: [
        why('container', '2', 'it works'),
        why('bead', 'bead-2', 'it cools down', { until: '2026-01-01T10:20:30.000Z' }),
        why('mergeRequest', 'mr-1', 'the slot is taken', { position: 2 }),
      ],
    }),
    7,
  );
  expect(lines).toEqual([
    '7 s   container running, epoch 2  it works',
    'convoy   Invoices               active                ',
    'bead     A title that is longe… closed                ',
    'bead     Title of bead-2        open                    it cools down, until 10:20:30',
    'merge    Add                    queued                  the slot is taken (place 2)',
    'agent    nux                    working                 polecat',
  ]);
});

test.for([
  { name: 'never had a container', epoch: 0, first: '0 s   container absent' },
  { name: 'had one', epoch: 3, first: '0 s   container absent, epoch 3' },
])('a town that $name', ({ epoch, first }) => {
  const status = { container: { state: 'absent', epoch }, dueAt: null };
  expect(renderSnapshot(snapshot({ status, convoys: [], beads: [], agents: [] }), 0)).toEqual([first]);
});

test('a reason of many lines and with escape sequences stays one line of text', () => {
  const [line] = renderSnapshot(
    snapshot({ why: [why('container', '2', 'no start:\n\u001B[2J\tit\r\nfailed')] }),
    0,
  );
  expect(line).toBe('0 s   container running, epoch 2  no start: [2J it failed');
});

interface Screen extends ViewOutput {
  text: string;
}
const screen = (isTTY: boolean, columns?: number): Screen => ({
  text: '',
  isTTY,
  ...(columns === undefined ? {} : { columns }),
  write(text) {
    this.text += text;
  },
});

test('on a terminal the view is drawn over what it drew before, within its width', () => {
  const output = screen(true, 30);
  const view = createLiveView(output, () => 0);
  view.show(snapshot());
  const first = output.text;
  expect(first.startsWith('\u001B[2K0 s   container')).toBe(true);
  expect(first.match(/\n/g)).toHaveLength(5);
  for (const line of first.split('\n').slice(0, -1))
    expect(line.replace('\u001B[2K', '').length).toBeLessThanOrEqual(29);

  output.text = '';
  view.show(snapshot({ agents: [] }));
  // Five lines up; four are written, and what is below them is erased.
  expect(output.text.startsWith('\u001B[5A\u001B[2K')).toBe(true);
  expect(output.text.match(/\n/g)).toHaveLength(4);
  expect(output.text.endsWith('\n\u001B[0J')).toBe(true);

  output.text = '';
  view.end();
  view.show(snapshot());
  expect(output.text).toBe(first);
});

test('elsewhere a line is printed once, when it changes, with the time', () => {
  const output = screen(false);
  let nowMs = 5_000;
  const view = createLiveView(output, () => nowMs);
  const shown = (): string[] => {
    const lines = output.text.split('\n').slice(0, -1);
    output.text = '';
    return lines;
  };
  view.show(snapshot());
  expect(shown()).toHaveLength(5);
  nowMs += 2_500;
  view.show(snapshot());
  expect(shown()).toEqual([]);
  nowMs += 10_000;
  view.show(snapshot({ beads: [bead('bead-1', 'closed'), bead('bead-2', 'closed')] }));
  expect(shown()).toEqual(['  12 s  bead     Title of bead-2        closed                ']);
  // What comes back is news again.
  view.show(snapshot());
  expect(shown()).toHaveLength(1);
});
