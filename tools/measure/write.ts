/** A table with one thing wrong, or written in another way. */
export interface Polluted {
  name: string;
  /** The kind, which many files share. */
  kind: string;
  bytes: Buffer;
  /** The table that is meant. */
  header: string[];
  rows: string[][];
  /** The row to which something was done; what it means is not certain. */
  touched?: number;
  /** Whether default options suffice to read it. */
  isDefault?: boolean;
}

export interface Style {
  delimiter?: string;
  quote?: string;
  escape?: string;
  end?: string;
  all?: boolean;
}

export function writeCell(text: string, { delimiter = ',', quote = '"', escape, all }: Style = {}): string {
  const special = [...delimiter.split(''), quote, '\n', '\r', ...(escape ? [escape] : [])];
  if (!all && !special.some((part) => text.includes(part))) return text;
  if (escape) return quote + text.replaceAll(escape, escape + escape).replaceAll(quote, escape + quote) + quote;
  return quote + text.replaceAll(quote, quote + quote) + quote;
}

export function writeLines(rows: readonly string[][], style: Style = {}): string[] {
  return rows.map((row) => row.map((cell) => writeCell(cell, style)).join(style.delimiter ?? ','));
}
