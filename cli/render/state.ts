import { paint, type Paint, type Style } from './style.ts';
import { spaced } from './words.ts';

const COLOURS: Readonly<Record<string, Paint>> = {
  active: 'green',
  running: 'green',
  working: 'green',
  in_progress: 'blue',
  in_review: 'blue',
  landing: 'blue',
  merging: 'blue',
  reviewing: 'blue',
  progressing: 'blue',
  closed: 'green',
  landed: 'green',
  merged: 'green',
  done: 'green',
  paused: 'yellow',
  staged: 'yellow',
  held: 'yellow',
  waiting: 'yellow',
  needs_attention: 'red',
  failed: 'red',
  lost: 'red',
  deleting: 'red',
};

/** A state of the API in words, in the colour that it has everywhere. */
export function state(style: Style, word: string): string {
  const colour = COLOURS[word];
  return colour === undefined ? spaced(word) : paint(style, colour, spaced(word));
}
