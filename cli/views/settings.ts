import { oneLine } from '../render/printable.ts';
import { paint, type Style } from '../render/style.ts';
import { table } from '../render/table.ts';
import { flatSettings, valueAt } from '../settings/paths.ts';

const shown = (value: unknown): string =>
  value === undefined ? '-' : typeof value === 'string' ? oneLine(value) : JSON.stringify(value);

/**
 * Every setting, with where its value comes from.
 * @param owner whose settings these are
 */
export function settingsTable(
  style: Style,
  config: object,
  effective: object,
  owner: 'town' | 'rig',
): string {
  const inherited = owner === 'rig' ? 'town or default' : 'default';
  const paths = new Set([...flatSettings(effective), ...flatSettings(config)].map(([path]) => path));
  return table(
    style,
    [{ title: 'SETTING' }, { title: 'VALUE', isFlexible: true }, { title: 'FROM' }],
    [...paths].sort().map((path) => {
      const set = valueAt(config, path);
      const value = valueAt(effective, path) ?? set;
      return [path, shown(value), set === undefined ? paint(style, 'dim', inherited) : owner];
    }),
  );
}
