const LABEL_NAMES = ['label', 'labels', 'class', 'category', 'target', 'species', 'outcome', 'y'];

/** Whether this is a usual name for the label column of a dataset. */
export function isLabelName(name: string): boolean {
  return LABEL_NAMES.includes(name.trim().toLowerCase());
}

/** Returns the only column with a usual name for a label, or all columns if there is not exactly one. */
export function narrowLabels(names: readonly string[]): readonly string[] {
  const usual = names.filter(isLabelName);
  return usual.length === 1 ? usual : names;
}
