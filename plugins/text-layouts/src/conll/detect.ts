import type { LayoutDetection, SurveyedOption } from '@tracebloc/ingestor-contract';
import { isTag } from '@tracebloc/ingestor-dataset';
import { beginningOf, filesIn, splitOf } from '../split-files.js';
import { cellsOf, convertTag, isBetween, type Scheme } from './words.js';

/** `eng.train` and the like are files of the shared task that gave the layout its name. */
const EXTENSIONS = ['.conll', '.iob', '.iob2', '.bio', '.txt', '.tsv', '.train', '.testa', '.testb', ''];

/** The fewest lines with a tag of which a file may be known. */
const LEAST = 3;

/** The one that another cannot be read as comes first. */
const SCHEMES: readonly Scheme[] = ['bioes', 'iob1', 'iob2'];

interface ConllFile {
  tag: 'first' | 'last';
  scheme: Scheme;
  types: number;
}

/** Recognises files of words with a tag each. */
export async function detectConll(root: string): Promise<LayoutDetection | undefined> {
  const found = new Map<string, ConllFile>();
  for (const path of await filesIn(root, EXTENSIONS)) {
    const lines = await beginningOf(path);
    const known = lines && recognise(lines);
    if (known) found.set(path, known);
  }
  const split = splitOf([...found.keys()]);
  if (!split) return undefined;
  const { train, test, doubts } = split;
  // A half that does not show the scheme has that of the other, which leaves tags of IOB2 as they are.
  const schemes = [train, test ?? train].map((path) => found.get(path)!.scheme);
  const scheme = SCHEMES.find((one) => schemes.includes(one))!;
  const optionsFor = (path: string) => ({ path, options: optionsOf({ ...found.get(path)!, scheme }) });
  const { types } = found.get(train)!;
  return {
    found: `a CoNLL file of words with tags, of ${types} ${types === 1 ? 'type' : 'types'} in its first part`,
    forms: ['token_tags'],
    train: optionsFor(train),
    ...(test !== undefined && { test: optionsFor(test) }),
    ...(doubts.length > 0 && { doubts }),
  };
}

/** Returns how a file is written, or `undefined` if its lines are not words with tags. */
function recognise(lines: readonly string[]): ConllFile | undefined {
  const words = lines.filter((line) => !isBetween(line) && !line.startsWith('#')).map(cellsOf);
  if (words.length < LEAST || words.some(({ length }) => length < 2)) return undefined;
  for (const tag of ['last', 'first'] as const) {
    const tags = words.map((cells) => cells.at(tag === 'last' ? -1 : 0)!);
    const types = new Set(tags.filter((one) => one !== 'O').map((one) => one.slice(2)));
    if (types.size > 0 && tags.every((one) => isTag(convertTag(one)))) {
      return { tag, scheme: schemeOf(lines, tag), types: types.size };
    }
  }
  return undefined;
}

/** Returns the scheme of the tags. In IOB2 each name begins with B-. */
function schemeOf(lines: readonly string[], tag: 'first' | 'last'): Scheme {
  let previous = 'O';
  let isIob1 = false;
  for (const line of lines) {
    const own = isBetween(line) ? 'O' : cellsOf(line).at(tag === 'last' ? -1 : 0)!;
    if (/^[SUEL]-/.test(own)) return 'bioes';
    isIob1 ||= own.startsWith('I-') && previous.slice(2) !== own.slice(2);
    previous = own;
  }
  return isIob1 ? 'iob1' : 'iob2';
}

function optionsOf({ tag, scheme }: ConllFile): SurveyedOption[] {
  const first = { name: 'tag_column', value: 'first', reason: 'the first column of each line is the tag' };
  const reason = scheme === 'iob1' ? 'names begin with I-' : 'names end with E- or L-, or have one word with S- or U-';
  return [
    ...(tag === 'first' ? [first] : []),
    ...(scheme === 'iob2' ? [] : [{ name: 'scheme', value: scheme, reason }]),
  ];
}
