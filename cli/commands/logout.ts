import { defineCommand } from '../command.ts';
import { keptLogins } from '../login/kept-logins.ts';

export const logoutCommand = defineCommand({
  usage: 'logout',
  summary: 'Forget the sign-in to an installation on this machine',
  examples: [
    ['$0 logout', 'Its token is good for an hour at most; whoever has it in GASTOWN_TOKEN still has it'],
  ],
  run: async (_args, context) => {
    const { url } = context.connection();
    const wasSignedIn = keptLogins(context.env).forget(url);
    return {
      json: { url, wasSignedIn },
      text: () => (wasSignedIn ? `You are signed out of ${url}.` : `You were not signed in to ${url}.`),
    };
  },
});
