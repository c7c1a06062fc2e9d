/** A conversation as a script sees it. */
export type Conversation = {
  /** All system messages. */
  system: string;
  messages: readonly ConversationMessage[];
  /** Names of the tools on offer; empty for a title or a summary. */
  tools: readonly string[];
  /** Tool results so far. */
  turn: number;
};

export type ConversationMessage = {
  role: 'user' | 'assistant';
  text: string;
  toolCalls?: readonly { id: string; tool: string; args: unknown }[];
  /** Results of the calls in the message before; what a tool answered goes back to the model as a `user` message. */
  toolResults?: readonly { id: string; text: string }[];
};

/** What the model does next: say something and end its turn, or call one tool. */
export type ScriptStep = { say: string } | { call: { tool: string; args: object }; say?: string };

/** Pure: the same conversation gives the same step. */
export type Script = (conversation: Conversation) => ScriptStep;
