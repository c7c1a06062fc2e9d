const refuse = (): never => {
  throw new TypeError('a map that must not change was written to');
};

/** Freezes a value and all it holds, maps too; returns it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    Object.assign(value, { set: refuse, delete: refuse, clear: refuse });
    for (const [key, entry] of value) deepFreeze([key, entry]);
  }
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
  return value;
}
