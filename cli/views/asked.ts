import { shortId } from '../render/id.ts';
import { oneLine } from '../render/printable.ts';

/** A change that the town makes with its next step: what the API answers is how things stand before it. */
export const asked = (id: string, title: string): string =>
  `Asked for: ${shortId(id)}  ${oneLine(title)}. Follow it: gastown events --follow`;
