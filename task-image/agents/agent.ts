import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { promptForWork } from '../../core/prompts/prompt.ts';
import type { AgentReport, AgentSpec, ModelCredentials } from '../../core/protocol/sync.ts';
import { giveTo, type ProcessUser } from '../process/process-user.ts';
import { isAccepted } from '../plugin/accepted.ts';
import { createIdleTimer, IDLE_TIMEOUT_MS } from './idle-timer.ts';
import { createAgentInbox, type AgentInbox } from './inbox.ts';
import { kiloConfig } from './kilo-config.ts';
import { startAgentServer } from './kilo-server.ts';
import type { HostEnvironment } from './kilo-environment.ts';
import { createRedactor, secretsOf } from './redact.ts';
import { createAgentSession } from './session.ts';
import type { SessionState } from './session.ts';
import { writeTokenFile } from './token-file.ts';

const MAX_REASON_LENGTH = 500;
const STATEMENT_TOOLS: readonly string[] = ['gt_done', 'gt_verdict', 'gt_triage_resolve'];

export type StartAgentOptions = {
  spec: AgentSpec;
  /** The agent's worktree. */
  directory: string;
  /** Private home of the agent: its configuration, sessions and temporary files. */
  home: string;
  /** Root of the town's API, without `/v1`. */
  apiUrl: string;
  credentials: ModelCredentials;
  /** Environment that people set; what the town itself sets stands above it. Values are secret. */
  variables?: Readonly<Record<string, string>>;
  /** The bundled plugin (task-image/plugin/build.ts). */
  pluginFile: string;
  /** Where the agent's tool token is kept, outside its worktree; made here, readable by its owner only. */
  tokenFile: string;
  gitAuthor: { name: string; email: string };
  /** Whom the server and its tools run as; the worktree is theirs. @default the supervisor */
  user?: ProcessUser | undefined;
  log: (message: string) => void;
  onChange: (report: AgentReport) => void;
  /** Ends a start that is under way. */
  signal?: AbortSignal;
  /** @default 120 s; 600 s for a refinery; never for a mayor */
  idleTimeoutMs?: number;
  /** @default see session.ts */
  turnSilenceTimeoutMs?: number;
  /** @default see kilo-server.ts */
  startTimeoutMs?: number;
  hostEnv?: HostEnvironment;
};

export type RunningAgent = {
  agentId: string;
  report(): AgentReport;
  /** Says each message once, when its mode says so. Safe to call with the same messages again. */
  deliver(messages: AgentSpec['messages']): void;
  /** The agent's tools use `token` from their next call on. */
  refreshToken(token: string): Promise<void>;
  /** Ends the session, the server and everything that tools started. Settles within 9 s; may be called again. */
  stop(reason?: string): Promise<void>;
};

/**
 * Starts an agent on its work: a server, a session, and the first message. Resolves when the first turn runs, or when
 * a mayor is ready for the first thing that it is told.
 * @throws KiloNotInstalledError, AgentServerStartError, or an Error of the session; nothing is left running then.
 */
export async function startAgent(options: StartAgentOptions): Promise<RunningAgent> {
  const { spec, credentials } = options;
  const prompt = promptForWork(spec.work, spec.instructions);
  const secrets = [...secretsOf(credentials), ...Object.values(options.variables ?? {})];
  const redact = createRedactor(secrets);
  await writeTokenFile(options.tokenFile, spec.token, options.user);
  const isMayor = spec.role === 'mayor';
  const turnFile = `${options.tokenFile}.turn`;

  const server = await startAgentServer({
    directory: options.directory,
    home: options.home,
    user: options.user,
    config: kiloConfig({
      credentials,
      pluginUrl: pathToFileURL(options.pluginFile).href,
      isWithoutHands: isMayor || spec.role === 'triage',
    }),
    env: { ...agentEnvironment(options), GASTOWN_TURN_FILE: turnFile },
    signal: options.signal,
    secrets,
    log: options.log,
    ...(options.startTimeoutMs === undefined ? {} : { startTimeoutMs: options.startTimeoutMs }),
    ...(options.hostEnv === undefined ? {} : { hostEnv: options.hostEnv }),
  });

  let inbox: AgentInbox | undefined;
  let acceptedTool: string | undefined;

  const idle = createIdleTimer(options.idleTimeoutMs ?? IDLE_TIMEOUT_MS[spec.role], () => {
    const reason =
      acceptedTool === undefined
        ? 'its turn ended without gt_done, gt_verdict or gt_triage_resolve, and nothing followed'
        : `${acceptedTool} was accepted, and nothing followed`;
    void stop(reason);
  });
  const toReport = (state: SessionState): AgentReport => ({
    agentId: spec.agentId,
    attempt: spec.attempt,
    state: state.phase,
    ...(state.reason === undefined ? {} : { reason: redact(state.reason).slice(0, MAX_REASON_LENGTH) }),
    ...(state.lastTurnAt === undefined ? {} : { lastTurnAt: state.lastTurnAt }),
    ...(state.lastEventAt === undefined ? {} : { lastEventAt: state.lastEventAt }),
    usage: state.usage,
    deliveredMessageIds: inbox?.delivered() ?? [],
    ...(isMayor ? { replies: inbox?.replies() ?? [] } : {}),
  });

  const session = await createAgentSession({
    server,
    directory: options.directory,
    title: spec.name,
    model: { providerID: credentials.providerId, modelID: credentials.modelId },
    systemPrompt: prompt.system,
    onChange(state) {
      if (state.phase === 'idle') idle.start();
      else idle.stop();
      // A broken session cannot go on; its server would only hold memory.
      if (state.phase === 'failed') void server.stop();
      options.onChange(toReport(state));
    },
    onToolResult(tool, output) {
      if (STATEMENT_TOOLS.includes(tool) && isAccepted(output)) acceptedTool = tool;
    },
    ...(options.turnSilenceTimeoutMs === undefined
      ? {}
      : { turnSilenceTimeoutMs: options.turnSilenceTimeoutMs }),
  }).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });

  const stop = async (reason = 'it was told to stop'): Promise<void> => {
    idle.stop();
    await session.close(reason);
    await server.stop();
  };

  inbox = createAgentInbox({
    session,
    isMayor,
    async onTurn(messageId) {
      await writeFile(turnFile, messageId, { mode: 0o600 });
      await giveTo(options.user, turnFile);
    },
    onChange: () => options.onChange(toReport(session.state())),
  });

  try {
    options.signal?.throwIfAborted();
    if (prompt.firstMessage === undefined) session.ready();
    else await session.prompt(prompt.firstMessage);
  } catch (error) {
    await server.stop();
    throw error;
  }
  inbox.deliver(spec.messages);

  return {
    agentId: spec.agentId,
    report: () => toReport(session.state()),
    deliver: inbox.deliver,
    refreshToken: (token) => writeTokenFile(options.tokenFile, token, options.user),
    stop,
  };
}

/** The tool token is not here: it is renewed while the agent runs, and tools' processes inherit the environment. */
function agentEnvironment({
  spec,
  apiUrl,
  tokenFile,
  gitAuthor,
  credentials,
  variables,
}: StartAgentOptions): Record<string, string> {
  return {
    ...variables,
    ...credentials.env,
    GASTOWN_MODEL_ENV: Object.keys(credentials.env).join(','),
    GASTOWN_API_URL: apiUrl,
    GASTOWN_TOKEN_FILE: tokenFile,
    GASTOWN_AGENT_ROLE: spec.role,
    GASTOWN_AGENT_ID: spec.agentId,
    GIT_AUTHOR_NAME: gitAuthor.name,
    GIT_AUTHOR_EMAIL: gitAuthor.email,
    GIT_COMMITTER_NAME: gitAuthor.name,
    GIT_COMMITTER_EMAIL: gitAuthor.email,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}
