import type { TaskContext } from '@tracebloc/ingestor-contract';
import {
  type CellLocation,
  ClassCheck,
  defineFindings,
  isTag,
  type LabelCheck,
  makeFinding,
  type TextPlace,
  type TextShape,
  wordCounter,
  wordsOf,
} from '@tracebloc/ingestor-dataset';

/** What `token_classification` reports beside what all tasks on texts do. */
export const tagFindings = defineFindings({
  'not-a-tag': {
    severity: 'error',
    meaning: 'A label has a word that is not a tag: `O`, `B-<type>` or `I-<type>`.',
    fix: 'Write a tag for each word: B- at the first word of a name, I- at its other words, and O elsewhere. Convert other schemes: S- and U- become B-, and E- and L- become I-. For a CoNLL file, set `spec.conll_options.scheme: bioes` instead.',
  },
  'stray-inside-tag': {
    severity: 'warning',
    meaning: 'A tag `I-<type>` continues no tag of its type: it is the first one, or follows `O` or another type.',
    fix: 'Write B- instead of I- at the first word of each name. For a CoNLL file, set `spec.conll_options.scheme: iob1` instead.',
  },
  'tag-count': {
    severity: 'error',
    meaning: 'A text does not have as many words as its label has tags. White space separates words, and tags.',
    fix: 'Write one tag for each word; a punctuation mark that has a tag is a separate word.',
  },
});

/** The form of a label that has the tags with their counts, instead of one tag for each word. */
const COUNTS = /^\S+:\d+(?: \S+:\d+)*$/;

/** Returns how often a label of the table has each tag. */
export function countTags(label: string): Map<string, number> {
  const counts = new Map<string, number>();
  const isCounted = COUNTS.test(label);
  for (const word of wordsOf(label)) {
    const end = isCounted ? word.lastIndexOf(':') : word.length;
    const tag = word.slice(0, end);
    counts.set(tag, (counts.get(tag) ?? 0) + (isCounted ? Number(word.slice(end + 1)) : 1));
  }
  return counts;
}

/**
 * Checks lists of tags. The types of names are checked as classes are, except that one type is enough. If the table stores the
 * lists in a column of their own, its column `label` has the counts of the tags.
 */
export class TagCheck implements LabelCheck {
  readonly lengthFix =
    'Declare the column in `schema` as TEXT: the table then stores the tags in a column of their own, and their counts in `label`. Or divide the text.';
  readonly stored: ((label: string) => string) | undefined;
  readonly #types = new ClassCheck();
  readonly #seen = new Set<string>();

  constructor({ columns, label }: Pick<TaskContext<unknown>, 'columns' | 'label'>) {
    const isOwn = columns.some(({ name, source = name }) => source === label);
    if (isOwn)
      this.stored = (tags) =>
        [...countTags(tags)]
          .map(([tag, count]) => `${tag}:${count}`)
          .sort()
          .join(' ');
  }

  add(label: string, row: number, { report, file, column }: CellLocation): void {
    let previous = 'O';
    for (const tag of wordsOf(label)) {
      if (!isTag(tag) || COUNTS.test(tag)) {
        const message = 'The label has a word that is not a tag.';
        const expected = 'O, B-<type> or I-<type>';
        tagFindings.report(report, 'not-a-tag', () => ({ message, file, row, column, value: tag, expected }));
        return;
      }
      const type = tag.slice(2);
      if (tag.startsWith('I-') && previous.slice(2) !== type) {
        const message = 'A tag I- continues no tag of its type.';
        tagFindings.report(report, 'stray-inside-tag', () => ({ message, file, row, column, value: tag }));
      }
      if (tag !== 'O' && (tag.startsWith('B-') || previous.slice(2) !== type)) this.#addType(type);
      previous = tag;
    }
  }

  classes(label: string): string[] {
    return wordsOf(label);
  }

  #addType(type: string): void {
    this.#types.add(type);
    if (this.#seen.size < 2) this.#seen.add(type);
  }

  finish(location: CellLocation): void {
    if (this.#seen.size > 1) this.#types.finish(location);
    if (this.#seen.size > 0) return;
    const { report, file, column } = location;
    const message = 'No label has another tag than O, so that there is only one class.';
    report.add(makeFinding('one-class', { message, file, column, expected: 'tags B-<type>' }));
  }
}

/** Compares the number of words of a text with that of the tags of its row. */
export class TagCount implements TextShape {
  readonly #words = wordCounter();

  constructor(private readonly place: TextPlace) {}

  add(piece: string): void {
    this.#words.add(piece);
  }

  finish(): void {
    const { record, report, context } = this.place;
    if (record.label === null) return;
    const tags = [...countTags(record.label).values()].reduce((sum, count) => sum + count, 0);
    const words = this.#words.count;
    if (tags === words) return;
    tagFindings.report(report, 'tag-count', () => ({
      message: `The text has ${words} words, and the label ${tags} tags.`,
      file: context.dataset.file,
      row: record.row,
      column: context.label,
      expected: `${words} tags`,
    }));
  }
}
