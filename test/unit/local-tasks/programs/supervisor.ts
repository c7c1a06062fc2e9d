import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { onParentGone } from '../../../../task-image/process/parent-pipe.ts';

/** A task's program with behaviours, named in `BEHAVIOUR`. It says 'ready' in its log when it can be signalled. */
const behaviour = process.env.BEHAVIOUR ?? 'obedient';

// Never longer than a minute, whatever a test does.
const lifetime = setTimeout(() => process.exit(99), 60_000);
writeFileSync('work.txt', JSON.stringify({ cwd: process.cwd(), env: process.env }));

switch (behaviour) {
  case 'obedient':
    onParentGone(() => process.exit(0));
    process.on('SIGTERM', () => process.exit(0));
    break;
  case 'exits':
    process.exit(7);
    break;
  case 'idle':
    // Has nothing to do but watch its parent, which keeps nobody alive.
    lifetime.unref();
    onParentGone(() => process.exit(3));
    break;
  case 'stubborn':
    process.on('SIGTERM', () => console.log('not yet'));
    spawnChild();
    break;
  case 'leaves-a-child':
    process.on('SIGTERM', () => process.exit(0));
    spawnChild();
    break;
  default:
    throw new Error(`unknown behaviour ${behaviour}`);
}
console.log('ready');

function spawnChild(): void {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore', env: {} });
  console.log(`child ${child.pid}`);
}
