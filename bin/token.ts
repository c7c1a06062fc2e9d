import { userTokenOf } from '../local/user-token.ts';
import { readOptions, reportFailure, UsageError } from './read-options.ts';

const HELP = `Prints a token for another user of an installation on this machine, as somebody else would have it in AWS.

  npm run --silent token -- --user NAME [options]

  --user NAME          what the user is called: letters, digits and . _ @ -
  --org NAME           an organisation that the user belongs to; may be given several times
  --data-dir DIR       where the installation keeps its data (default .gastown)
  --help

  GASTOWN_TOKEN=$(npm run --silent token -- --user bob --org acme) npx gastown towns list
`;

async function main(): Promise<void> {
  const values = readOptions({
    user: { type: 'string' },
    org: { type: 'string', multiple: true, default: [] },
    'data-dir': { type: 'string', default: '.gastown' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (values.user === undefined) throw new UsageError('--user says whose token it is. See --help.');
  const token = await userTokenOf({ dataDir: values['data-dir'], user: values.user, orgs: values.org });
  process.stdout.write(`${token}\n`);
}

try {
  await main();
} catch (error) {
  process.exit(reportFailure(error));
}
