import { createAgentSnapshots } from '../../../task-image/snapshots/agent-snapshots.ts';
import { createControlPlane } from '../../../task-image/supervisor/control-plane.ts';

/** A supervisor that saves, uploads two chunks, says so, and hangs. Arguments: API, bootstrap token, town, agent, epoch, home. */
const [apiUrl = '', bootstrapToken = '', townId = '', agentId = '', epoch = '', home = ''] =
  process.argv.slice(2);
const UPLOADED = 2;
const really = globalThis.fetch;
let uploads = 0;
let stored = 0;
globalThis.fetch = async (input, init) => {
  if (init?.method !== 'PUT') return really(input, init);
  uploads += 1;
  if (uploads > UPLOADED) return new Promise(() => {});
  const response = await really(input, init);
  stored += 1;
  if (stored === UPLOADED) process.stdout.write('half\n');
  return response;
};

const controlPlane = await createControlPlane(apiUrl, bootstrapToken);
await controlPlane.bootstrap(AbortSignal.timeout(5000));
// Keeps the process there while nothing happens.
setInterval(() => {}, 1000);
await createAgentSnapshots({
  calls: controlPlane.snapshots,
  identity: { townId, agentId, epoch: Number(epoch) },
  serverVersion: () => Promise.resolve('7.7.7'),
  home,
  directory: home,
  log: (message) => process.stdout.write(`${message}\n`),
}).finish(true);
