import { defineCommand } from '../command.ts';
import { signIn } from '../login/sign-in.ts';
import { signInServiceOf } from '../login/sign-in-service.ts';
import { keptLogins } from '../login/kept-logins.ts';

export const loginCommand = defineCommand({
  usage: 'login',
  summary: 'Sign in to an installation in AWS, in a browser',
  examples: [
    ['$0 login --url https://abc123.execute-api.eu-central-1.amazonaws.com', 'Output ApiUrl of the stack'],
    ['$0 login', 'Once more, to the one that you are signed in to'],
  ],
  run: async (_args, context) => {
    const { url } = context.connection();
    const service = signInServiceOf(await context.api.getOpenApiDocument());
    const tokens = await signIn(service, {
      signal: context.signal,
      onReady: (address) =>
        context.terminal.error(
          `Open this address in a browser on this machine, and sign in:\n\n${address}\n\n`,
        ),
    });
    keptLogins(context.env).keep(url, { service, ...tokens });
    return {
      json: { url, issuer: service.issuer },
      text: () => `You are signed in to ${url}.`,
    };
  },
});
