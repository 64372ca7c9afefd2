const LABEL_NAMES = ['label', 'labels', 'class', 'category', 'target', 'species', 'outcome', 'y'];

/** Whether people give this name to the column of a dataset's label. */
export function isLabelName(name: string): boolean {
  return LABEL_NAMES.includes(name.trim().toLowerCase());
}

/** Of columns that may be the label, the one whose name says that it is; where not exactly one says so, all of them. */
export function narrowLabels(names: readonly string[]): readonly string[] {
  const telling = names.filter(isLabelName);
  return telling.length === 1 ? telling : names;
}
