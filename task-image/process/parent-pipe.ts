import { Socket } from 'node:net';

/**
 * Calls back once when the process that started this one has gone: its end of our stdin, to which it never writes, then
 * closes. Does nothing unless that process said so with `GASTOWN_PARENT_PIPE=1` (in a task on Fargate nobody does).
 */
export function onParentGone(callback: () => void): void {
  if (process.env.GASTOWN_PARENT_PIPE !== '1') {
    return;
  }
  let isCalled = false;
  const once = (): void => {
    if (!isCalled) {
      isCalled = true;
      callback();
    }
  };
  process.stdin.on('end', once).on('close', once).on('error', once);
  // What is not read never ends.
  process.stdin.resume();
  if (process.stdin instanceof Socket) {
    // To watch the parent is no reason to stay alive.
    process.stdin.unref();
  }
}
