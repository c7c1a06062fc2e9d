import * as z from 'zod';

/** The part of Kilo's plugin interface that is used here (Kilo 7.7, `@kilocode/plugin`). */
export type KiloTool = {
  description: string;
  args: z.ZodRawShape;
  execute(args: unknown, context: ToolContext): Promise<string>;
};
export type ToolContext = { sessionID: string; abort: AbortSignal };

export type KiloHooks = {
  tool: Record<string, KiloTool>;
  /** The system prompt is built anew for each model call; what is pushed here is gone in the next. */
  'experimental.chat.system.transform': (
    input: { sessionID?: string },
    output: { system: string[] },
  ) => Promise<void>;
  'experimental.session.compacting': (
    input: { sessionID: string },
    output: { context: string[] },
  ) => Promise<void>;
  /** Environment of the processes that tools start, laid over the server's own. */
  'shell.env': (input: unknown, output: { env: Record<string, string> }) => Promise<void>;
};

export type ToolDefinition<Shape extends z.ZodRawShape> = {
  description: string;
  args: Shape;
  execute(args: z.output<z.ZodObject<Shape>>, signal: AbortSignal): Promise<string>;
};

/** Checks a model's arguments against the tool's own schema before `execute` sees them. */
export function defineTool<Shape extends z.ZodRawShape>(definition: ToolDefinition<Shape>): KiloTool {
  const schema = z.object(definition.args);
  return {
    description: definition.description,
    args: definition.args,
    execute: async (args, context) => definition.execute(schema.parse(args), context.abort),
  };
}
