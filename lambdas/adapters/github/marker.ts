/**
 * What is said for an agent carries a mark that nobody sees, by which it is found again: an answer that was lost is not a reason to say it
 * twice.
 */
export const marked = (body: string, key: string): string => `${withoutMarks(body)}\n\n${markOf(key)}`;

export const isMarked = (body: string, key: string): boolean => body.includes(markOf(key));

const markOf = (key: string): string => `<!-- gastown:${key.replaceAll(/[^\w.-]/g, '_')} -->`;

/** Nobody's text imitates one. */
const withoutMarks = (body: string): string => body.replaceAll('<!-- gastown:', '<!-- ');
