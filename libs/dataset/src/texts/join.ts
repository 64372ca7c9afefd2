/** What may not be in a field of a text: the separator of fields, and, if the text is one line, line breaks. */
const [TABS, SEPARATORS] = [/\t+/g, /[\t\r\n]+/g];

/**
 * Returns a text whose fields a tab separates. Tabs inside a field become a space, and so do line breaks if the text is to be one
 * line. `isChanged` tells whether there were any.
 */
export function joinFields(fields: readonly string[], isLine: boolean): { text: string; isChanged: boolean } {
  const clean = fields.map((field) => field.replace(isLine ? SEPARATORS : TABS, ' '));
  return { text: clean.join('\t'), isChanged: clean.some((field, index) => field !== fields[index]) };
}
