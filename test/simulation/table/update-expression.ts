import type { Placeholders } from './expression.ts';
import { frozenCopy, type PlainItem } from './plain-item.ts';

type Apply = (item: Record<string, unknown>, by: Placeholders) => void;
const compiled = new Map<string, readonly Apply[]>();

/** The item after an update. The store sets, removes and adds to top-level attributes, each by a placeholder of its own. */
export function updated(item: PlainItem, text: string, by: Placeholders): PlainItem {
  const next = { ...item };
  for (const apply of clausesOf(text)) apply(next, by);
  return Object.freeze(next);
}

function clausesOf(text: string): readonly Apply[] {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const parts = text.split(/\b(SET|REMOVE|ADD) /).slice(1);
  const clauses: Apply[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    for (const action of (parts[at + 1] ?? '').split(','))
      clauses.push(actionOf(parts[at] ?? '', action.trim()));
  }
  compiled.set(text, clauses);
  return clauses;
}

function actionOf(clause: string, action: string): Apply {
  const [name = '', value = ''] = action.split(clause === 'SET' ? ' = ' : ' ');
  const nameIn = ({ names }: Placeholders): string => {
    const attribute = names[name];
    if (attribute === undefined) throw new Error(`the update has no name for ${name}`);
    return attribute;
  };
  switch (clause) {
    case 'SET':
      return (item, by) => {
        item[nameIn(by)] = frozenCopy(by.values[value]);
      };
    case 'ADD':
      return (item, by) => {
        const before = item[nameIn(by)];
        item[nameIn(by)] = (typeof before === 'number' ? before : 0) + Number(by.values[value]);
      };
    case 'REMOVE':
      return (item, by) => {
        delete item[nameIn(by)];
      };
    default:
      throw new Error(`the model does not understand the update "${clause} ${action}"`);
  }
}
