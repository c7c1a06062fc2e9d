/** A program that runs one agent, to be killed: `node supervisor-like.ts <options as JSON>`; prints the server's pid. */
import { startAgentServer } from '../../../task-image/agents/kilo-server.ts';
import { createAgentSession } from '../../../task-image/agents/session.ts';
import { kiloConfig } from '../../../task-image/agents/kilo-config.ts';
import { modelCredentials } from '../../../core/protocol/sync.ts';
import * as z from 'zod';

const options = z
  .object({ directory: z.string(), home: z.string(), credentials: modelCredentials, mark: z.string() })
  .parse(JSON.parse(process.argv[2] ?? ''));

const server = await startAgentServer({
  directory: options.directory,
  home: options.home,
  config: { ...kiloConfig({ credentials: options.credentials, pluginUrl: 'file:///none.js' }), plugin: [] },
  env: { TEST_MARK: options.mark },
  log: () => {},
});
const session = await createAgentSession({
  server,
  directory: options.directory,
  title: 'to be killed',
  model: { providerID: options.credentials.providerId, modelID: options.credentials.modelId },
  systemPrompt: '',
  onChange: () => {},
});
await session.prompt('go');
setInterval(() => {}, 1000);
