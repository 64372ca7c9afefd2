/** One thing that every plugin must do, to be registered with any test runner. */
export interface ConformanceCheck {
  name: string;
  /** Resolves where the plugin conforms; else rejects with a `ConformanceError`. */
  run: () => Promise<void>;
}

/** The plugin does not do what the contract asks: the message lists what, and what to do about it. */
export class ConformanceError extends Error {
  constructor(readonly problems: readonly string[]) {
    const shown = problems.slice(0, SHOWN).map((problem) => `- ${problem}`);
    const more = problems.length > SHOWN ? [`- and ${problems.length - SHOWN} more`] : [];
    super(['The plugin does not conform:', ...shown, ...more].join('\n'));
    this.name = 'ConformanceError';
  }
}

/** Problems that a message lists. */
const SHOWN = 20;

/** What a check finds, one problem a sentence or two: what is wrong, and what to do. */
export type Problems = Iterable<string> | AsyncIterable<string>;

/** A check that lists every problem it finds. */
export function check(name: string, find: () => Problems): ConformanceCheck {
  return {
    name,
    run: async () => {
      const problems: string[] = [];
      for await (const problem of find()) problems.push(problem);
      if (problems.length > 0) throw new ConformanceError(problems);
    },
  };
}
