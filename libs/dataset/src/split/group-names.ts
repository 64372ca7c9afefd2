/** Words for those of whom a table often has several rows. */
const OWNERS = new Set([
  ...['patient', 'subject', 'participant', 'proband', 'donor', 'person', 'individual', 'user', 'customer', 'client'],
  ...['student', 'employee', 'household', 'author', 'speaker', 'animal', 'specimen', 'filename'],
  ...['subj', 'cust', 'pat', 'pt', 'mrn'],
]);
/** Words for what may have several rows too. The column may as well count them, or have their kinds. */
const THINGS = new Set([
  ...['session', 'visit', 'encounter', 'admission', 'stay', 'study', 'scan', 'slide', 'device', 'machine', 'sensor'],
  ...['vehicle', 'account', 'member', 'family', 'file', 'image', 'video', 'recording', 'document'],
]);
/** Words at the end of a name which say that the values identify something. */
const IDENTIFIERS = new Set(['id', 'uid', 'uuid', 'guid', 'no', 'nr', 'num', 'number', 'key', 'code', 'name']);
/** Those of them that say so whatever is before them. */
const ALONE = new Set(['id', 'uid', 'uuid', 'guid']);

/** How surely the rows of one value belong together, judged by the name of their column. */
export type GroupName = 'owner' | 'thing' | undefined;

/** Judges the name of a column: `patient`, `PatientNo` and `userid` name an owner, `session` and `batch_id` a thing. */
export function judgeGroupName(name: string): GroupName {
  const words = name
    .replace(/(\p{Ll})(?=\p{Lu})|(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1$2 ')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  const judged = judgeWord(last) ?? judgeWord(last.replace(/(?:id|no|nr)$/, ''));
  if (judged !== undefined || !IDENTIFIERS.has(last)) return judged;
  return judgeWord(words.at(-2) ?? '') ?? (ALONE.has(last) ? 'thing' : undefined);
}

function judgeWord(word: string): GroupName {
  if (OWNERS.has(word)) return 'owner';
  return THINGS.has(word) ? 'thing' : undefined;
}
