/**
 * Returns the state of that name that all copies of this package share in one process, made at the first call: a plugin that is
 * installed by itself brings its own copies of the libraries.
 */
export function shared<T>(name: string, make: () => T): T {
  const state = globalThis as Record<symbol, unknown>;
  const key = Symbol.for(`tracebloc.ingestor.${name}`);
  return (state[key] ??= make()) as T;
}
