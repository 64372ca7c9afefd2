/**
 * Returns the state of this name, which all copies of this package in a process share. The first call makes it. A plugin that
 * is installed by itself brings its own copies of the libraries.
 */
export function shared<T>(name: string, make: () => T): T {
  const state = globalThis as Record<symbol, unknown>;
  const key = Symbol.for(`tracebloc.ingestor.${name}`);
  return (state[key] ??= make()) as T;
}
