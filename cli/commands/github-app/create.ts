import { randomBytes } from 'node:crypto';
import { CommandFailed } from '../../command-failed.ts';
import { defineCommand } from '../../command.ts';
import { browserRound } from '../../github-app/browser-round.ts';
import { convertedApp } from '../../github-app/convert.ts';
import { keepInFile, keepInSecrets } from '../../github-app/keep.ts';
import { isReachable, manifestOf } from '../../github-app/manifest.ts';
import { UsageError } from '../../usage-error.ts';

/** GitHub's own limit. */
const MAX_NAME_CHARS = 34;

export const createGitHubApp = defineCommand({
  usage: 'create',
  summary: 'Make the GitHub App of an installation, in a browser, and keep its secrets',
  options: {
    org: { type: 'string', describe: 'The organization that owns it; else you do' },
    name: { type: 'string', describe: 'Its name on GitHub; else one is made up' },
    public: { type: 'boolean', default: false, describe: 'Others may install it too' },
    replace: { type: 'boolean', default: false, describe: 'In the place of the app that is there' },
    'key-secret': { type: 'string', describe: 'In AWS: ARN, output GitHubAppKeySecret' },
    'webhook-secret': { type: 'string', describe: 'In AWS: ARN, output GitHubAppWebhookSecret' },
    'github-url': {
      type: 'string',
      default: 'https://github.com',
      describe: 'Of an Enterprise Server: its address',
    },
  },
  examples: [
    ['$0 github-app create', 'For the installation on this machine: into github-app.json there'],
    [
      '$0 github-app create --org acme --url https://api.example.com --key-secret arn:… --webhook-secret arn:…',
      'For one in AWS: --url is its API',
    ],
  ],
  run: async (args, context) => {
    const { org, name = `gastown-${randomBytes(3).toString('hex')}`, 'github-url': githubUrl } = args;
    if (name.length > MAX_NAME_CHARS)
      throw new UsageError(`--name has at most ${MAX_NAME_CHARS} characters on GitHub.`);
    if (org !== undefined && !/^[A-Za-z0-9-]+$/.test(org))
      throw new UsageError('--org is the name of an organization on GitHub, as its address has it.');
    const github = URL.parse(githubUrl);
    if (github === null || !/^https?:$/.test(github.protocol))
      throw new UsageError('--github-url is an address, as https://github.example.com.');
    const { url } = context.connection();
    const { 'key-secret': key, 'webhook-secret': webhook } = args;
    if ((key === undefined) !== (webhook === undefined))
      throw new UsageError('Say both --key-secret and --webhook-secret, or none of them.');
    const keep =
      key === undefined || webhook === undefined
        ? keepInFile(context.dataDir, args.replace)
        : await keepInSecrets({ key, webhook }, args.replace);

    const { origin } = github;
    const owner = org === undefined ? '' : `/organizations/${org}`;
    const code = await browserRound({
      action: `${origin}${owner}/settings/apps/new`,
      manifest: (redirectUrl) => manifestOf({ name, url, redirectUrl, isPublic: args.public }),
      onReady: (address) =>
        context.terminal.error(
          `Open ${address} in a browser on this machine, and say yes at GitHub within ten minutes.\n`,
        ),
      signal: context.signal,
    });
    const api = github.host === 'github.com' ? 'https://api.github.com' : `${origin}/api/v3`;
    const app = await convertedApp(api, code, context.signal);
    await keep.keep(app).catch((error: unknown) => {
      // What went wrong may quote what was to be kept.
      const why = error instanceof Error ? error.name : 'unknown';
      throw new CommandFailed(
        `The app ${app.slug} was made, and its secrets could not be kept in ${keep.place} (${why}). Delete it at ${app.htmlUrl}, and run this again.`,
      );
    });
    const { appId, slug, htmlUrl } = app;
    const installUrl = `${origin}/apps/${slug}/installations/new`;
    const hasWebhook = isReachable(url);
    return {
      json: { appId, slug, htmlUrl, installUrl, keptIn: keep.place, hasWebhook },
      text: () =>
        [
          `The GitHub App ${slug} is made: ${htmlUrl}`,
          `Its secrets are in ${keep.place}; what runs finds them within a minute.`,
          `Next: install it on your repositories, at ${installUrl}`,
          ...(hasWebhook
            ? []
            : [`GitHub cannot reach ${url}, so it has no webhook: pull requests are polled instead.`]),
        ].join('\n'),
    };
  },
});
