/** What may not be in a field of a text: the separator of fields, and line breaks. */
const SEPARATORS = /[\t\r\n]+/g;

/**
 * Returns one line whose fields a tab separates. Tabs and line breaks inside a field become a space; `isChanged` tells whether
 * there were any.
 */
export function joinFields(fields: readonly string[]): { text: string; isChanged: boolean } {
  let isChanged = false;
  const clean = fields.map((field) =>
    field.replace(SEPARATORS, () => {
      isChanged = true;
      return ' ';
    }),
  );
  return { text: clean.join('\t'), isChanged };
}
