import * as z from 'zod';
import { REPEATED_NOTE } from '../../core/prompts/mayor.ts';
import { ANSWER_LABEL } from '../../core/protocol/mayor-api.ts';
import { requestParts, type Part } from './request-parts.ts';
import type { Conversation, ScriptStep } from './script.ts';
import { parseInstructions } from './task-block.ts';
import { doneCalls, fencedText, saidToAgent } from './transcript.ts';

/**
 * Turns a request into a bead, or into a convoy of its parts, and answers questions about the town. It does not understand what is
 * asked: each part becomes a bead whose worker writes it down as a note.
 */
export function mayorScript(conversation: Conversation): ScriptStep {
  const message = wordsOf(saidToAgent(conversation).at(-1) ?? '');
  const calls = doneCalls(sinceLastMessage(conversation));
  const results = new Map(calls.map(({ tool, result }) => [tool, result]));
  if (isQuestion(message)) return answerQuestion(results);

  const hasInstructions = parseInstructions(message).length > 0;
  const parts = hasInstructions ? [] : requestParts(message);
  if (!hasInstructions && parts.length === 0) {
    return { say: 'I am a scripted model: tell me what to add, change or write, or ask me for the status.' };
  }
  const rigs = results.get('gt_list_rigs');
  if (rigs === undefined) return call('gt_list_rigs', {});
  const found = listOf(rig, rigs);
  const chosen = found.find(({ name }) => message.toLowerCase().includes(name.toLowerCase())) ?? found[0];
  if (chosen === undefined) return { say: 'This town has no rig yet. Add one, and I will see to it.' };

  const made = results.get('gt_sling') ?? results.get('gt_sling_batch');
  if (made !== undefined) return { say: whatWasMade(made, parts) };
  const { rig_id } = chosen;
  const [only] = parts;
  if (hasInstructions) return call('gt_sling', { rig_id, title: firstLine(message), body: message });
  if (only !== undefined && parts.length === 1) {
    return call('gt_sling', { rig_id, title: only.title, body: noteOn(only, parts, message) });
  }
  return call('gt_sling_batch', {
    rig_id,
    convoy_title: firstLine(message),
    tasks: parts.map((part) => ({
      title: part.title,
      body: noteOn(part, parts, message),
      depends_on: part.dependsOn,
    })),
    ...(parts.some(({ dependsOn }) => dependsOn.length > 0) ? {} : { parallel: true }),
  });
}

const call = (tool: string, args: object): ScriptStep => ({ call: { tool, args } });

/** What the person wrote, without what the town put around it. */
const wordsOf = (text: string): string =>
  text
    .replace(REPEATED_NOTE, '')
    .replace(/\[They are looking at: [^\]]*\]\s*$/, '')
    .trim();

const isQuestion = (message: string): boolean => /\?\s*$/.test(message) || /^\s*status\b/i.test(message);

function sinceLastMessage(conversation: Conversation): Conversation {
  const { messages } = conversation;
  const last = messages.findLastIndex(
    ({ role, toolResults }) => role === 'user' && toolResults === undefined,
  );
  return { ...conversation, messages: messages.slice(last + 1) };
}

const rig = z.looseObject({ rig_id: z.string(), name: z.string() });
const counts = z.record(z.string(), z.number());
const town = z.looseObject({
  container: z.looseObject({ state: z.string() }),
  beads: counts,
  convoys: counts,
});
const convoyMade = z.looseObject({ convoy: z.looseObject({ title: z.string(), state: z.string() }) });
const beadMade = z.looseObject({ bead: z.looseObject({ title: z.string() }) });

function answerQuestion(results: ReadonlyMap<string, string>): ScriptStep {
  const result = results.get('gt_status');
  if (result === undefined) return call('gt_status', {});
  const found = town.safeParse(jsonOf(result)).data;
  if (found === undefined) return { say: `I could not look it up: ${result.slice(0, 200)}` };
  const { beads, convoys, container } = found;
  const told = (numbers: Record<string, number>): string =>
    Object.entries(numbers)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  return { say: `Beads: ${told(beads)}. Convoys: ${told(convoys)}. The container is ${container.state}.` };
}

function whatWasMade(result: string, parts: readonly Part[]): string {
  const answer = jsonOf(result);
  const convoy = convoyMade.safeParse(answer).data?.convoy;
  if (convoy !== undefined) {
    const titles = parts.map(({ title }) => `"${title}"`).join(', ');
    const next =
      convoy.state === 'staged' ? 'It is staged: tell me when to start it.' : 'Workers take it from here.';
    return `I made the convoy "${convoy.title}" of ${parts.length} beads: ${titles}. ${next}`;
  }
  const bead = beadMade.safeParse(answer).data?.bead;
  if (bead !== undefined) return `I made the bead "${bead.title}". A worker takes it from here.`;
  return `The town did not take it: ${result.slice(0, 300)}`;
}

const listOf = <T>(item: z.ZodType<T>, result: string): T[] =>
  z.looseObject({ items: z.array(item) }).safeParse(jsonOf(result)).data?.items ?? [];

function jsonOf(result: string): unknown {
  try {
    return JSON.parse(fencedText(result, ANSWER_LABEL) ?? '');
  } catch {
    return undefined;
  }
}

const firstLine = (message: string): string => (message.split('\n', 1)[0] ?? '').slice(0, 120).trim();

/** A body whose steps the scripted worker can follow. */
function noteOn({ title }: Part, parts: readonly Part[], message: string): string {
  const asked = `One of ${parts.length} parts of what was asked for: ${firstLine(message)}`;
  return [
    asked,
    '',
    '```',
    `write notes/${slugOf(title)}.md`,
    '<<<',
    `# ${title}`,
    '',
    asked,
    '>>>',
    '```',
    '',
  ].join('\n');
}

const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60) || 'note';
