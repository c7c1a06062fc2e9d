import { chooseModel } from '../local/choose-model.ts';
import { startMachine } from '../local/machine.ts';
import { onStopSignal } from '../local/stop-signal.ts';
import { VERSION } from '../local/version.ts';
import { numberOption, readOptions, reportFailure } from './read-options.ts';

const HELP = `Runs a whole installation on this machine, with no AWS account and no Docker.

  npm start -- [options]

  --port N             port of the API (default 4000; 0: any free one)
  --data-dir DIR       everything that survives a restart (default .gastown)
  --model P/M          the agents' model, as anthropic/claude-sonnet-4-5, openai/…, amazon-bedrock/…;
                       the key comes from ANTHROPIC_API_KEY, OPENAI_API_KEY or the AWS variables
  --scripted-model     a scripted model on this machine plays the agents: no key, no network
  --quiet              no log on the terminal (it is always in DIR/local.log)
  --help

While it runs, DIR/local.json says where the API is and holds a token for it. Ctrl-C drains: agents' work is saved, and the
next start goes on with it. On one machine agents run as you: they are not kept from your files as they are in AWS.
`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const values = readOptions({
    port: { type: 'string', default: '4000' },
    'data-dir': { type: 'string', default: '.gastown' },
    model: { type: 'string' },
    'scripted-model': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const port = numberOption('--port', values.port, { min: 0, max: 65_535, isWhole: true });
  const model = await chooseModel({ model: values.model, isScripted: values['scripted-model'] });
  const machine = await startMachine({
    dataDir: values['data-dir'],
    port,
    model: model.credentials,
    version: VERSION,
    ...(values.quiet ? {} : { onLog: say }),
  });
  say(`Gastown ${VERSION} runs at ${machine.info.apiUrl}; the token is in ${values['data-dir']}/local.json`);
  if (values.model === undefined && !values['scripted-model']) {
    say('No model is configured, so agents will not start: use --model provider/model or --scripted-model.');
  }
  onStopSignal(async () => {
    say('Draining: saving work and stopping the containers. Press Ctrl-C again to stop at once.');
    await machine.close();
    await model.close();
  });
}

try {
  await main();
} catch (error) {
  process.exit(reportFailure(error));
}
