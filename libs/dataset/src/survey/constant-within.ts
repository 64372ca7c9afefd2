import type { ColumnProfile, ManifestProfile } from '@tracebloc/ingestor-contract';

/** The most ids that are remembered of each column. Rows of further ids are not checked. */
const MAX_IDS = 100_000;

/**
 * Returns, for the names of columns of ids, the names of the columns that have one value in all rows of each id. Columns with as
 * many values as ids are left out, since they are ids too. Reads the table again.
 */
export async function constantWithin(
  { reopen }: ManifestProfile,
  ids: readonly ColumnProfile[],
  others: readonly ColumnProfile[],
): Promise<Map<string, string[]>> {
  const opened = await reopen?.();
  if (!opened) return new Map();
  const at = (name: string) => opened.header.indexOf(name);
  let pairs = ids.flatMap((id) =>
    others
      .filter((other) => other !== id && other.distinct > 1 && (other.distinct < id.distinct || id.moreDistinct))
      .map(({ name }) => ({ id: id.name, name, from: at(id.name), to: at(name), seen: new Map<string, string>() })),
  );
  for await (const { rows } of opened.batches) {
    for (const cells of rows) {
      pairs = pairs.filter(({ from, to, seen }) => {
        const [id, value] = [cells[from]!, cells[to]!];
        const known = seen.get(id);
        // A substring would keep a piece of the file in memory.
        if (known === undefined && seen.size < MAX_IDS) seen.set(copyOf(id), copyOf(value));
        return known === undefined || known === value;
      });
    }
    if (pairs.length === 0) break;
  }
  const constant = Map.groupBy(pairs, ({ id }) => id);
  return new Map([...constant].map(([id, found]) => [id, found.map(({ name }) => name)]));
}

const copyOf = (text: string): string => Buffer.from(text).toString();
