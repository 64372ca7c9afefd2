/** One thing that every plugin must do, to be registered with any test runner. */
export interface ConformanceCheck {
  name: string;
  /** Resolves if the plugin conforms. Otherwise rejects with a `ConformanceError`. */
  run: () => Promise<void>;
}

/** The plugin does not do what the contract requires. The message lists the problems, and what to do about them. */
export class ConformanceError extends Error {
  constructor(readonly problems: readonly string[]) {
    const shown = problems.slice(0, SHOWN).map((problem) => `- ${problem}`);
    const more = problems.length > SHOWN ? [`- and ${problems.length - SHOWN} more`] : [];
    super(['The plugin does not conform:', ...shown, ...more].join('\n'));
    this.name = 'ConformanceError';
  }
}

/** The most problems that a message lists. */
const SHOWN = 20;

/** The problems that a check finds. Each says what is wrong and what to do. */
export type Problems = Iterable<string> | AsyncIterable<string>;

/** Returns a check that lists every problem that `find` yields. */
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
