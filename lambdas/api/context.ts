import type { IntegrationStore, Now, Secrets, Telemetry, TownQueue, TownStore } from '../../core/ports.ts';
import type { InstallStates } from '../adapters/dynamodb/install-states.ts';
import type { StreamTickets } from '../adapters/dynamodb/tickets.ts';
import type { Cursors } from '../http/cursor.ts';
import type { SignIn } from '../http/openapi.ts';
import type { AskedGitHubApp } from './github-app.ts';
import type { TransferApiDeps } from './transfer/deps.ts';

/** What it takes to act on a town for somebody. */
export interface TownDeps {
  readonly store: TownStore;
  readonly towns: TownQueue;
  readonly now: Now;
}

export interface ApiDeps extends TownDeps, TransferApiDeps {
  readonly secrets: Secrets;
  readonly version: string;
  /** Where users sign in. @default they bring a token */
  readonly signIn?: SignIn | undefined;
  /** Local mode takes paths on this machine as git URLs; nothing else does. */
  readonly allowsLocalGitUrls: boolean;
  /** GitHub's, or that of an Enterprise Server; with the port when it has one. */
  readonly githubHost: string;
  readonly cursors: Cursors;
  readonly tickets: Pick<StreamTickets, 'issueTicket'>;
  readonly integrations: IntegrationStore;
  readonly installStates: InstallStates;
  readonly githubApp: AskedGitHubApp;
  readonly telemetry: Telemetry;
  /** Origin of the console: where browsers are sent to. */
  readonly consoleUrl: () => string;
  /** Where the WebSocket API is. */
  readonly socketUrl: () => string;
}
