/** Freezes plain objects and arrays to the bottom; what has a class of its own, such as a `Secret`, stays as it is. */
export function freeze<T>(value: T, except: ReadonlySet<unknown> = new Set()): T {
  if (typeof value !== 'object' || value === null || except.has(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === Object.prototype || prototype === null || Array.isArray(value);
  // What is frozen already has been here before, or its owner has seen to it.
  if (!plain || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) freeze(child, except);
  return value;
}
