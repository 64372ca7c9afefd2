import type { TaskContext } from '@tracebloc/ingestor-contract';
import { compileMissing } from '../checks/cell.js';
import { type ColumnChecks, NUMERIC } from '../columns/column-checks.js';

/** The most columns that are not stored, but are looked at. */
const MAX_OTHERS = 50;

/**
 * Returns a function that takes the cells of columns that are not stored: they may show how the file writes numbers. Returns
 * `undefined` if there are none, or if no number is read.
 */
export function compileOthers(
  { dataset, schema }: TaskContext<unknown>,
  header: readonly string[],
  used: ReadonlySet<number>,
  columnChecks: ColumnChecks,
): ((cells: readonly string[]) => void) | undefined {
  if (!schema.some(({ type }) => NUMERIC.includes(type.kind))) return undefined;
  const unused = header.map((name, from) => ({ name, from })).filter(({ from }) => !used.has(from));
  let others = unused.slice(0, MAX_OTHERS).flatMap(({ name, from }) => {
    const watch = columnChecks.watchStyle(name, dataset);
    return watch ? [{ from, watch, isMissing: compileMissing(dataset.missingOf(name)) }] : [];
  });
  if (others.length === 0) return undefined;
  return (cells) => {
    let hasDone = false;
    for (const { from, watch, isMissing } of others) {
      const cell = cells[from]!;
      if (!isMissing(cell)) watch.add(cell);
      hasDone ||= !watch.isOpen;
    }
    if (hasDone) others = others.filter(({ watch }) => watch.isOpen);
  };
}
