/** The database holds 32 levels; a record is inside of an item, and a line around it. */
const MAX_DEPTH = 28;

/** Can the value be kept as it is? Not when it is nested too deep, or has numbers that JavaScript does not hold exactly. */
export function isStorable(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isStorable(member, depth - 1));
}
