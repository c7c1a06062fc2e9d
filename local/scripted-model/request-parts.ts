/** One part of what somebody asks for. */
export type Part = {
  title: string;
  /** Places of the parts that come before it. */
  dependsOn: number[];
};

const VERBS =
  'add|append|build|change|clean|convert|create|describe|document|explain|extend|fix|implement|improve|introduce|list|make|move|note|put|record|remove|rename|replace|rewrite|show|split|support|test|translate|update|use|write';
const IS_REQUEST = new RegExp(String.raw`\b(?:${VERBS})\b`, 'i');
const LIST_ITEM = /^\s*(?:[-*•]|(\d+)[.)])\s+(\S.*)$/;
/** What separates stages: everything after it needs everything before it. */
const THEN = /\s*(?:[,;.]\s*)?\b(?:and then|then|after that|afterwards|finally)\b[,:]?\s*|;\s*|[.!]\s+/i;
/** What separates parts of a stage. An "and" does so only in front of another command. */
const BESIDE = new RegExp(String.raw`\s*,\s*(?:and\s+)?|\s+and\s+(?=(?:${VERBS})\b)`, 'i');

/**
 * The parts of a request, by its punctuation and the words between them: list items, or sentences cut at "then", full stops and
 * commas. What has numbers, or comes after a "then", needs what is before it. Empty: no command is in it.
 */
export function requestParts(text: string): Part[] {
  if (!IS_REQUEST.test(text)) return [];
  const lines = text.split('\n');
  const items = lines.flatMap((line) => {
    const [, number, item] = LIST_ITEM.exec(line) ?? [];
    return item === undefined ? [] : [{ item, isOrdered: number !== undefined }];
  });
  if (items.length === 0) return inStages(stagesOf(lines.join(' ')));
  const stages: string[][] = [];
  for (const { item, isOrdered } of items) {
    const isLater = isOrdered || /^(?:and\s+)?then\b/i.test(item);
    const last = stages.at(-1);
    if (last === undefined || isLater) stages.push([item]);
    else last.push(item);
  }
  return inStages(stages);
}

const stagesOf = (sentence: string): string[][] =>
  sentence.split(THEN).map((stage) => stage.split(BESIDE).filter((part) => part.trim() !== ''));

function inStages(stages: readonly (readonly string[])[]): Part[] {
  const parts: Part[] = [];
  let before: number[] = [];
  for (const stage of stages) {
    const titles = stage.map(titleOf).filter((title) => title !== '');
    if (titles.length === 0) continue;
    const places = titles.map((_, index) => parts.length + index);
    for (const title of titles) parts.push({ title, dependsOn: before });
    before = places;
  }
  return parts;
}

/** A short command: without politeness, the words that tied it to the others, and the full stop. */
function titleOf(part: string): string {
  const bare = part
    .trim()
    .replace(/^(?:(?:please|can you|could you|would you|and|then|first|now|also)\b[,:]?\s*)+/i, '')
    .replace(/[\s.,;:!?]+$/, '');
  return (bare.slice(0, 1).toUpperCase() + bare.slice(1)).slice(0, 120);
}
