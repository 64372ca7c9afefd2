/** fast-check as the tests of a long run see it: every property is tried FUZZ_RUNS times as often. */
import fastCheck from './node_modules/fast-check/lib/fast-check.js';

export * from './node_modules/fast-check/lib/fast-check.js';

const DEFAULT_RUNS = 100;

export function assert(property, parameters = {}) {
  const numRuns = (parameters.numRuns ?? DEFAULT_RUNS) * Number(process.env.FUZZ_RUNS);
  return fastCheck.assert(property, { ...parameters, numRuns });
}

export default { ...fastCheck, assert };
