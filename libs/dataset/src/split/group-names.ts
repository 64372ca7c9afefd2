/** Words for those whose rows are alike: someone, something observed again and again, or a file with several rows. */
const OWNERS = new Set([
  ...['patient', 'subject', 'participant', 'proband', 'donor', 'person', 'individual', 'user', 'customer', 'client'],
  ...['member', 'student', 'employee', 'household', 'family', 'account', 'author', 'speaker', 'animal', 'specimen'],
  ...['subj', 'cust', 'pat', 'pt', 'mrn', 'session', 'visit', 'encounter', 'admission', 'stay', 'device', 'machine'],
  ...['sensor', 'vehicle', 'filename', 'file', 'image', 'video', 'recording', 'document', 'slide', 'scan', 'study'],
]);
/** Words at the end of a name which say that the values identify something. */
const IDENTIFIERS = new Set(['id', 'ids', 'uid', 'uuid', 'guid', 'no', 'nr', 'num', 'number', 'key', 'code', 'name']);
/** Those of them that say so whatever is before them. */
const ALONE = new Set(['id', 'uid', 'uuid', 'guid']);

/** How surely the rows of one value belong together, judged by the name of their column. */
export type GroupName = 'owner' | 'id' | undefined;

/** Judges the name of a column: `patient`, `PatientNo` and `userid` name an owner, `batch_id` names an id. */
export function judgeGroupName(name: string): GroupName {
  const words = name
    .replace(/(\p{Ll})(?=\p{Lu})|(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1$2 ')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
  const last = words.at(-1);
  if (last === undefined) return undefined;
  if (OWNERS.has(last) || OWNERS.has(last.replace(/(?:id|no|nr)$/, ''))) return 'owner';
  if (!IDENTIFIERS.has(last)) return undefined;
  const before = words.at(-2);
  if (before !== undefined && OWNERS.has(before)) return 'owner';
  return ALONE.has(last) ? 'id' : undefined;
}
