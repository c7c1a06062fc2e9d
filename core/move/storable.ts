/** The database holds 32 levels; a record is inside of an item, and a line around it. */
const MAX_DEPTH = 28;

/** Source: DynamoDB's documentation of numbers. What is nearer to 0 it refuses. */
const LEAST_NUMBER = 1e-130;

/** A number that the database keeps as it is. */
export const isStorableNumber = (value: number): boolean =>
  value === 0 || (Math.abs(value) >= LEAST_NUMBER && Math.abs(value) <= Number.MAX_SAFE_INTEGER);

/** Can the value be kept as it is? Not when it is nested too deep, or has numbers that JavaScript does not hold exactly. */
export function isStorable(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value === 'number') return isStorableNumber(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isStorable(member, depth - 1));
}
