/**
 * Compares plain data: texts, numbers, booleans, nulls, arrays and objects of these. Unlike `isDeepStrictEqual` it does
 * not look at prototypes, since a test runner such as jest has its own `Array` and `Object` beside those of Node.
 */
export function isSameData(one: unknown, other: unknown): boolean {
  if (!isStructure(one) || !isStructure(other)) return Object.is(one, other);
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return (
    names.length === others.length &&
    names.every((name) => Object.hasOwn(other, name) && isSameData(one[name], other[name]))
  );
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
