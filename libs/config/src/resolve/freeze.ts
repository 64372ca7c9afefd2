/** Freezes plain objects and arrays deeply. Instances of classes, such as `Secret`, stay as they are. */
export function freeze<T>(value: T, except: ReadonlySet<unknown> = new Set()): T {
  if (typeof value !== 'object' || value === null || except.has(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === Object.prototype || prototype === null || Array.isArray(value);
  // A frozen object was visited before, or its owner froze it.
  if (!plain || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) freeze(child, except);
  return value;
}
