/** Returns the classes and rows of a table with a column for each class, or `undefined` for another one. */
export function parseOneHot(
  text: string,
): { classes: string[]; rows: { line: number; cells: string[] }[] } | undefined {
  const lines = text.replace(/^\u{feff}/u, '').split(/\r?\n/);
  const [first, ...classes] = cellsOf(lines[0]!);
  if (first?.toLowerCase() !== 'filename' || classes.length < 2 || classes.includes('')) return undefined;
  const rows = lines.slice(1).map((line, at) => ({ line: at + 2, cells: cellsOf(line) }));
  return { classes, rows: rows.filter(({ cells }) => cells.length > 1 || cells[0] !== '') };
}

/** Returns the cells of a line, without the spaces around them. */
function cellsOf(line: string): string[] {
  const cells = line.match(/(?<=^|,)\s*(?:"(?:[^"]|"")*"|[^,]*)\s*(?=,|$)/g) ?? [];
  return cells.map((cell) => {
    const trimmed = cell.trim();
    return trimmed.startsWith('"') ? trimmed.slice(1, -1).replaceAll('""', '"') : trimmed;
  });
}
