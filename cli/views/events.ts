import type { Event } from '../client/api.generated.ts';
import { shortId } from '../render/id.ts';
import { oneLine } from '../render/printable.ts';
import { state } from '../render/state.ts';
import { paint, type Style } from '../render/style.ts';
import { wrap } from '../render/wrap.ts';
import { spaced } from '../render/words.ts';

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });

/** One decision, with the time of this machine; the day is said when it is another one. */
export function eventLine(style: Style, { at, subject, from, to, rule, reason }: Event): string {
  const time = new Date(at);
  const isToday = day.format(time) === day.format(style.now);
  const when = isToday ? clock.format(time) : `${day.format(time)} ${clock.format(time)}`;
  const before = from === undefined ? '' : `${spaced(from)} → `;
  const change = to === undefined || from === to ? '' : `${before}${state(style, to)}, `;
  const what = `${spaced(subject.kind)} ${shortId(subject.id)}`;
  const text = `${what}  ${change}${oneLine(reason)} ${paint(style, 'dim', `(${rule})`)}`;
  return `${paint(style, 'dim', when)}  ${wrap(style, text, when.length + 2)}`;
}
