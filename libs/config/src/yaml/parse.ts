import {
  Composer,
  Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
  type Node,
  type Pair,
  YAMLParseError,
  type YAMLError,
  visit,
  type Alias,
  type YAMLMap,
} from 'yaml';
import { problemAt } from '../errors.js';
import type { Located, LocatedMap, Origin } from './located.js';
import type { ConfigProblem } from '../types.js';

/** The most values of a document. An alias counts each time it is used. */
const MAX_VALUES = 200_000;
/** The most tokens of a document. A column of a schema has about ten. Nothing can interrupt the parser. */
const MAX_TOKENS = 300_000;

/** The parser stops after this many syntax errors; a message shows far fewer. */
const MAX_ERRORS = 1000;
const TOO_LARGE_FIX = 'Check that this is an ingest.yaml and not the data.';
const ALIAS_FIX = 'Define the anchor before it, or put the text in quotes.';

/** A message and a fix for each error code of the parser. */
const SYNTAX: Partial<Record<YAMLError['code'], readonly [message: string, fix: string]>> = {
  BAD_INDENT: [
    'the line does not line up with the lines around it',
    'Indent fields of one level by the same number of spaces.',
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    'a second "name: value" is on the same line, or the line before is not finished',
    'Write each field on its own line; put text that contains ": " in quotes.',
  ],
  MISSING_CHAR: ['a quote, bracket or colon is missing', 'Close what was opened, and write fields as "name: value".'],
  MULTILINE_IMPLICIT_KEY: [
    'a colon is missing, or text runs over several lines',
    'Write each field as "name: value" on one line.',
  ],
  BAD_ALIAS: ['a value cannot begin with this character', 'Put the value in quotes.'],
  BAD_SCALAR_START: ['a value cannot begin with this character', 'Put the value in quotes.'],
  BAD_DQ_ESCAPE: [
    'the backslash in this double-quoted text begins no valid escape',
    'Use single quotes, or write the backslash twice.',
  ],
  BLOCK_IN_FLOW: ['an indented block is inside brackets or braces', 'Use one of the two styles.'],
  MULTIPLE_DOCS: ['the file contains more than one document', 'Keep one; remove the second "---" and what follows it.'],
  TAB_AS_INDENT: ['a tab is used for indentation, which YAML does not allow', 'Use spaces.'],
  UNEXPECTED_TOKEN: ['this is not expected here', 'Put text that holds special characters in quotes.'],
};

export interface Parsed {
  root?: Located;
  problems: ConfigProblem[];
}

/** Parses YAML text and keeps the place of every key and value. It returns syntax errors as problems. */
export function parseYaml(text: string, source: string, folder: string): Parsed {
  const tabs = findTabs(text);
  const lines = new LineCounter();
  const place = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset);
    return { source, line, column: col, folder };
  };
  try {
    const { document, errors } = parseDocument(text, lines, place);
    if (errors.length > 0) {
      // After a tab the parser reports errors that are none, so only the tabs are reported.
      if (tabs.length > 0) return { problems: tabs.map((at) => tabProblem({ ...at, source, folder })) };
      // Of several errors on one line the later ones usually follow from the first.
      const firsts = Map.groupBy(errors, ({ pos }) => place(pos[0]).line).values();
      return { problems: [...firsts].map(([error]) => syntaxProblem(error!, place(error!.pos[0]))) };
    }
    return convertDocument(document, place);
  } catch (error) {
    return { problems: [conversionProblem(error, { source, line: 1, column: 1, folder })] };
  }
}

/** Makes the same tree from an object, without lines. It leaves out functions and undefined values. */
export function fromObject(value: unknown, source: string, folder: string): Parsed {
  const origin: Origin = { source, folder };
  try {
    const json: unknown = JSON.parse(JSON.stringify(value));
    return convertDocument(new Document(json), () => origin);
  } catch (error) {
    if (error instanceof TypeError) {
      const fix = 'Use plain data: text, numbers, booleans, lists and objects.';
      return { problems: [problemAt(origin, undefined, 'the configuration object cannot be read', fix)] };
    }
    return { problems: [conversionProblem(error, origin)] };
  }
}

/** Ends the parser, which could otherwise find an error for each character. */
class TooManyErrors extends Error {}

/** As the library's function of this name, but with limits. After too many errors it returns only the errors. */
function parseDocument(
  text: string,
  lines: LineCounter,
  place: (offset: number) => Origin,
): { document: Document; errors: readonly YAMLError[] } {
  let count = 0;
  class LimitedParser extends Parser {
    override *next(token: string) {
      if (++count > MAX_TOKENS) {
        throw new UnusableDocument(`more than ${MAX_TOKENS} values and signs`, TOO_LARGE_FIX, place(this.offset));
      }
      yield* super.next(token);
    }
  }
  // The check of the library compares each name with every other one.
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false });
  // The library has no other way to stop the composer.
  const inside = composer as unknown as { errors: YAMLError[]; onError: (...details: unknown[]) => void };
  const note = inside.onError;
  inside.onError = (...details) => {
    note(...details);
    if (inside.errors.length >= MAX_ERRORS) throw new TooManyErrors();
  };
  const tokens = new LimitedParser(lines.addNewLine).parse(text);
  let documents: Document[];
  try {
    documents = [...composer.compose(tokens, true, text.length)];
  } catch (error) {
    if (error instanceof TooManyErrors) return { document: new Document(), errors: inside.errors.slice(0, MAX_ERRORS) };
    throw error;
  }
  const [document, another] = documents;
  if (another) {
    const [start, end] = another.range!;
    document!.errors.push(new YAMLParseError([start, end], 'MULTIPLE_DOCS', 'More than one document'));
  }
  return { document: document!, errors: document!.errors };
}

class UnusableDocument extends Error {
  constructor(
    message: string,
    readonly fix: string,
    readonly origin: Origin,
  ) {
    super(message);
  }
}

function convertDocument(document: Document, place: (offset: number) => Origin): Parsed {
  const converter = new Converter(findAnchors(document), place);
  const root = document.contents ? converter.convert(document.contents) : undefined;
  return { root, problems: converter.problems };
}

/** Finds the target of each alias: the last node before it with the anchor. The library would search all nodes for each. */
function findAnchors(document: Document): Map<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Alias(_key, alias) {
      const target = anchors.get(alias.source);
      if (target) targets.set(alias, target);
    },
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

class Converter {
  /** The problems that do not prevent the conversion of the rest. */
  readonly problems: ConfigProblem[] = [];
  #count = 0;
  readonly #open = new Set<Node>();

  constructor(
    readonly targets: ReadonlyMap<Alias, Node>,
    readonly place: (offset: number) => Origin,
  ) {}

  convert(node: Node): Located {
    const origin = this.place(node.range?.[0] ?? 0);
    if (++this.#count > MAX_VALUES) {
      throw new UnusableDocument(`more than ${MAX_VALUES} values`, 'Check its anchors and aliases.', origin);
    }
    if (isScalar(node)) return { kind: 'scalar', ...scalarValue(node.value, node.source), origin };
    const target = isAlias(node) ? this.targets.get(node) : node;
    if (!target) throw new UnusableDocument('an alias (*name) without its anchor (&name)', ALIAS_FIX, origin);
    if (this.#open.has(target)) {
      throw new UnusableDocument('an alias that refers to itself', 'Write the value out instead.', origin);
    }
    this.#open.add(target);
    const located = this.#convertCollection(target, origin);
    this.#open.delete(target);
    return located;
  }

  #convertCollection(node: Node, origin: Origin): Located {
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => this.convert(item as Node)), origin };
    if (isMap(node)) return { kind: 'map', entries: this.#convertEntries(node), origin };
    return this.convert(node);
  }

  #convertEntries(map: YAMLMap): Map<string, Located> {
    const entries = new Map<string, Located>();
    const merged: Located[] = [];
    for (const { key, value } of map.items as Pair<Node, Node | null>[]) {
      const keyOrigin = this.place(key.range?.[0] ?? 0);
      if (!isScalar(key)) throw new UnusableDocument('a name that is not text', 'Put the name in quotes.', keyOrigin);
      const name = scalarValue(key.value, key.source).text;
      const located = value
        ? this.convert(value)
        : ({ kind: 'scalar', value: null, text: '', origin: keyOrigin } satisfies Located);
      // In quotes `<<` is a normal name.
      const isMerge = name === '<<' && key.type === 'PLAIN';
      if (isMerge ? merged.length > 0 : entries.has(name)) {
        this.problems.push(problemAt(keyOrigin, undefined, 'the field is given twice', 'Keep one of the two.'));
      }
      if (isMerge) merged.push(...(located.kind === 'list' ? located.items : [located]));
      else entries.set(name, { ...located, keyOrigin });
    }
    for (const other of merged) mergeMissing(entries, other);
    return entries;
  }
}

/** Applies a merge key of YAML: the fields of the map itself win. */
function mergeMissing(entries: Map<string, Located>, other: Located): void {
  if (other.kind !== 'map') {
    throw new UnusableDocument('a merge key (<<) that is not a mapping', 'Point it at a mapping.', other.origin);
  }
  for (const [name, value] of (other satisfies LocatedMap).entries) {
    if (!entries.has(name)) entries.set(name, value);
  }
}

function scalarValue(
  value: unknown,
  source: string | undefined,
): { value: string | number | boolean | null; text: string } {
  if (typeof value === 'string') return { value, text: value };
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) {
    return { value, text: source ?? String(value) };
  }
  // A value with an unusual tag, such as !!binary, stays as it is written.
  return { value: source ?? '', text: source ?? '' };
}

/** Finds tabs in the indentation of lines. */
function findTabs(text: string): { line: number; column: number }[] {
  const tabs = text.split('\n').flatMap((line, index) => {
    const match = /^( *)\t/.exec(line);
    return match && line.trim() !== '' ? [{ line: index + 1, column: match[1]!.length + 1 }] : [];
  });
  return tabs.slice(0, MAX_ERRORS);
}

function tabProblem(origin: Origin): ConfigProblem {
  const [message, fix] = SYNTAX.TAB_AS_INDENT!;
  return problemAt(origin, undefined, message, fix);
}

function syntaxProblem(error: YAMLError, origin: Origin): ConfigProblem {
  // For an open brace or bracket the parser reports the indentation of the next line.
  const code = error.code === 'BAD_INDENT' && error.message.startsWith('Flow') ? 'MISSING_CHAR' : error.code;
  const [message, fix] = SYNTAX[code] ?? [
    'this is not valid YAML',
    'Put text that holds special characters in quotes.',
  ];
  return problemAt(origin, undefined, message, fix);
}

function conversionProblem(error: unknown, origin: Origin): ConfigProblem {
  if (error instanceof UnusableDocument) {
    return problemAt(error.origin, undefined, `the document contains ${error.message}`, error.fix);
  }
  // The parser is recursive, and only extreme nesting exhausts its stack.
  if (error instanceof RangeError) {
    return problemAt(origin, undefined, 'the document is nested too deeply', 'Remove brackets that are not needed.');
  }
  throw error;
}
