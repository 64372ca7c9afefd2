import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { encodeText } from './xml-text.js';

/** The deepest nesting of elements. Annotations have four levels. */
const MAX_DEPTH = 32;
/** The most characters of a parser's message that are shown. */
const MAX_REASON = 200;
const CDATA = '#cdata';
const TEXT = '#text';
const ATTRIBUTES = ':@';

// Text is kept as written, references and all, so that what is read and written again stays the same.
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  processEntities: false,
  cdataPropName: CDATA,
  captureMetaData: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
});
// The library declares the type of the wrapper object, but returns a symbol.
const POSITION = XMLParser.getMetaDataSymbol() as symbol;

const DECLARATION = /<!(?:DOCTYPE|ENTITY)/i;
/** A reference by name to an entity that is not one of the five predefined ones. */
const REFERENCE = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)[^\s&;<]+;/;
/** Characters that XML does not allow: most controls, halves of surrogate pairs, U+FFFE and U+FFFF. */
const NO_CHARACTER = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const NUMBERED = /&#(?:(\d+)|x([\da-fA-F]+));/g;
const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A text is not accepted as XML. */
export class XmlError extends Error {
  constructor(
    readonly code: 'not-xml' | 'xml-entity',
    message: string,
    /** The line in the text, from 1. */
    readonly line: number,
    /** The offending text, if it helps. */
    readonly value?: string,
  ) {
    super(message);
    this.name = 'XmlError';
  }
}

/** A node of the parser. Its one key is its name, whose value is its content, or `#text` with the text. */
type Node = Record<string, unknown> & { [position: symbol]: { startIndex?: number } | undefined };

/** The offsets at which the lines of a text begin, computed at the first call of `lineAt`. */
class LineIndex {
  #starts: number[] | undefined;

  constructor(private readonly text: string) {}

  /** Returns the line of an offset, from 1. */
  lineAt(offset: number): number {
    const starts = (this.#starts ??= this.#find());
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #find(): number[] {
    const starts = [0];
    for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
}

/** An element of a parsed XML, which can be changed. */
export class XmlElement {
  constructor(
    private readonly node: Node,
    private readonly lines: LineIndex,
  ) {}

  get name(): string {
    return nameOf(this.node);
  }

  /** The line of the element's start, from 1. */
  get line(): number {
    return this.lines.lineAt(this.node[POSITION]?.startIndex ?? 0);
  }

  /** Returns the elements directly inside, or those of one name. */
  children(name?: string): XmlElement[] {
    return this.#content
      .filter((node) => (name === undefined ? isElement(node) : nameOf(node) === name))
      .map((node) => new XmlElement(node, this.lines));
  }

  /** The text directly inside, with references resolved and without the space around it. */
  get text(): string {
    const parts = this.#content.map((node) => {
      if (TEXT in node) return decode(node[TEXT] as string);
      return CDATA in node ? cdataOf(node) : '';
    });
    return parts.join('').trim();
  }

  /** Replaces everything inside. */
  set text(text: string) {
    this.node[this.name] = [{ [TEXT]: encodeText(text) }];
  }

  /** Adds an element before the others. */
  prepend(name: string): XmlElement {
    const node: Node = { [name]: [] };
    this.#content.unshift(node);
    return new XmlElement(node, this.lines);
  }

  remove(names: readonly string[]): void {
    this.node[this.name] = this.#content.filter((node) => !names.includes(nameOf(node)));
  }

  /** Removes elements directly inside. */
  removeChildren(children: ReadonlySet<XmlElement>): void {
    const nodes = new Set([...children].map(({ node }) => node));
    this.node[this.name] = this.#content.filter((one) => !nodes.has(one));
  }

  /** Returns XML with each element on its own line. It has no declaration, so it must be stored as UTF-8. */
  toXml(indent = ''): string {
    const attributes = Object.entries((this.node[ATTRIBUTES] ?? {}) as Record<string, string>).map(
      ([name, value]) => ` ${name}="${value.replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"`,
    );
    const texts = this.#content.map((node) => {
      // This parser accepts it, but another may not.
      if (TEXT in node) return (node[TEXT] as string).replaceAll(']]>', ']]&gt;');
      return CDATA in node ? `<![CDATA[${cdataOf(node)}]]>` : '';
    });
    const inner = this.children().map((child) => child.toXml(`${indent}\t`));
    const end = inner.length > 0 ? indent : '';
    return `${indent}<${this.name}${attributes.join('')}>${texts.join('')}${inner.length > 0 ? '\n' : ''}${inner.join('')}${end}</${this.name}>\n`;
  }

  get #content(): Node[] {
    return this.node[this.name] as Node[];
  }
}

/**
 * Parses XML without a DOCTYPE and without entities beyond the predefined ones, and returns the root. Comments and processing
 * instructions are dropped. Throws an `XmlError` for any other text.
 */
export function parseXml(text: string): XmlElement {
  const source = text.replace(/\r\n?/g, '\n');
  const lines = new LineIndex(source);
  const entity = DECLARATION.exec(source) ?? REFERENCE.exec(source);
  if (entity) {
    const [value] = entity;
    const message = value.startsWith('&') ? 'The XML refers to an entity.' : 'The XML has a DOCTYPE or an entity.';
    throw new XmlError('xml-entity', message, lines.lineAt(entity.index), value);
  }
  const odd = findNoCharacter(source);
  if (odd)
    throw new XmlError('not-xml', 'The XML has a character that XML does not allow.', lines.lineAt(odd.index), odd[0]);
  const roots = parse(source).filter(isElement);
  if (roots.length !== 1) throw new XmlError('not-xml', 'There is more than one root.', 1);
  return new XmlElement(roots[0]!, lines);
}

/** Returns the first character that XML does not allow, whether written as it is or by its number. */
function findNoCharacter(source: string): RegExpExecArray | undefined {
  const plain = NO_CHARACTER.exec(source);
  if (plain) return plain;
  return [...source.matchAll(NUMBERED)].find(([, decimal, hex]) => NO_CHARACTER.test(characterOf(decimal, hex)));
}

/** Returns the character of a reference by number, or NUL, which XML does not allow, if Unicode has no such number. */
function characterOf(decimal: string | undefined, hex: string | undefined): string {
  const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number.parseInt(decimal, 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\0';
}

/** Validates the text before it is parsed, since the parser alone accepts text that is not well-formed. */
function parse(source: string): Node[] {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor is a separate package that also checks business rules
  const valid = XMLValidator.validate(source);
  if (valid !== true) throw new XmlError('not-xml', reasonOf(valid.err.msg), valid.err.line);
  try {
    return parser.parse(source) as Node[];
  } catch (error) {
    throw new XmlError('not-xml', reasonOf((error as Error).message), 1);
  }
}

/** Returns the parser's message as a sentence of limited length: it may list every open element. */
function reasonOf(message: string): string {
  const reason = message.length > MAX_REASON ? `${message.slice(0, MAX_REASON)}...` : message.replace(/\.?$/, '.');
  return `The file is not well-formed: ${reason}`;
}

const nameOf = (node: Node): string => Object.keys(node).find((key) => key !== ATTRIBUTES)!;

const isElement = (node: Node): boolean => ![TEXT, CDATA].includes(nameOf(node));

const cdataOf = (node: Node): string => (node[CDATA] as Node[]).map((inner) => inner[TEXT] as string).join('');

function decode(text: string): string {
  return text.replace(/&(?:(\w+)|#(\d+)|#x([\da-fA-F]+));/g, (whole, name?: string, decimal?: string, hex?: string) =>
    name === undefined ? characterOf(decimal, hex) : (PREDEFINED[name] ?? whole),
  );
}
