import { defineFindings } from '../findings/catalogue.js';
import type { FileReference } from '../files/sidecar-folder.js';

const catalogue = defineFindings({
  'missing-partner-name': {
    severity: 'error',
    meaning: "A row does not name the file that belongs to the row's own, such as the mask of an image.",
    fix: 'Fill in the name of that file, with or without its extension.',
  },
  'other-partner-name': {
    severity: 'error',
    meaning: "A row names a file that does not belong to the row's own: its name is another one.",
    fix: 'Write the name that is expected, or correct the name of the file of the row.',
  },
});

/** What tasks report whose manifest names the partner of each file. */
export const PAIR_FINDINGS = catalogue.list;

/** Checks the cell that names the partner of a file. `wanted` is its name without the extension, if the file was found. */
export function checkNamedPartner(
  cell: string,
  wanted: string | undefined,
  extension: string,
  { report, ...place }: FileReference,
): void {
  const named = cell.trim().normalize();
  if (named === '') {
    catalogue.report(report, 'missing-partner-name', () => ({ message: 'The row has no value.', ...place }));
    return;
  }
  const hasExtension = named.toLowerCase().endsWith(extension);
  const stem = hasExtension ? named.slice(0, -extension.length) : named;
  if (wanted === undefined || stem === wanted) return;
  catalogue.report(report, 'other-partner-name', () => ({
    message: "The value is not the name of the file that belongs to the row's own.",
    ...place,
    value: cell,
    expected: `${wanted} or ${wanted}${extension}`,
  }));
}
