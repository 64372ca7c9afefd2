import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** Elements within elements; annotations have four. */
const MAX_DEPTH = 32;
/** Characters of a parser's message that are worth showing. */
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
// The library declares the wrapper object's type, and gives the symbol itself.
const POSITION = XMLParser.getMetaDataSymbol() as symbol;

const DECLARATION = /<!(?:DOCTYPE|ENTITY)/i;
/** A reference by name to what is not one of the five entities that every XML has. */
const REFERENCE = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)[^\s&;<]+;/;
/** What XML has no character for: most controls, halves of surrogate pairs, two codes that stand for none. */
const NO_CHARACTER = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const NUMBERED = /&#(?:(\d+)|x([\da-fA-F]+));/g;
const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Why a text is not taken as XML. */
export class XmlError extends Error {
  constructor(
    readonly code: 'not-xml' | 'xml-entity',
    message: string,
    /** 1-based. */
    readonly line: number,
    /** The offending text, where it tells something. */
    readonly value?: string,
  ) {
    super(message);
    this.name = 'XmlError';
  }
}

/** A node as the parser gives it: one key, its name, with what it contains; or `#text` with the text. */
type Node = Record<string, unknown> & { [position: symbol]: { startIndex?: number } | undefined };

/** Where the lines of a text begin. Counts them once, when the first line is asked for. */
class LineIndex {
  #starts: number[] | undefined;

  constructor(private readonly text: string) {}

  /** The 1-based line of an offset. */
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

  /** 1-based. */
  get line(): number {
    return this.lines.lineAt(this.node[POSITION]?.startIndex ?? 0);
  }

  /** The elements directly inside. */
  children(name?: string): XmlElement[] {
    return this.#content
      .filter((node) => (name === undefined ? isElement(node) : nameOf(node) === name))
      .map((node) => new XmlElement(node, this.lines));
  }

  /** The text directly inside, references resolved, without the space around it. */
  get text(): string {
    const parts = this.#content.map((node) => {
      if (TEXT in node) return decode(node[TEXT] as string);
      return CDATA in node ? cdataOf(node) : '';
    });
    return parts.join('').trim();
  }

  /** Takes the place of everything inside. */
  set text(text: string) {
    this.node[this.name] = [{ [TEXT]: encode(text) }];
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

  /** Each element on its own line, without a declaration: the text is meant to be stored as UTF-8. */
  toXml(indent = ''): string {
    const attributes = Object.entries((this.node[ATTRIBUTES] ?? {}) as Record<string, string>).map(
      ([name, value]) => ` ${name}="${value.replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"`,
    );
    const texts = this.#content.map((node) => {
      // What the parser lets pass and another may not.
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
 * Parses XML that has no DOCTYPE and no entities of its own; comments and processing instructions are dropped.
 * @returns the root
 * @throws {XmlError} for any other text
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
  if (odd) throw new XmlError('not-xml', 'The XML holds what is no character in XML.', lines.lineAt(odd.index), odd[0]);
  const roots = parse(source).filter(isElement);
  if (roots.length !== 1) throw new XmlError('not-xml', 'There is more than one root.', 1);
  return new XmlElement(roots[0]!, lines);
}

/** The first character that XML does not have, as it is or by its number. */
function findNoCharacter(source: string): RegExpExecArray | undefined {
  const plain = NO_CHARACTER.exec(source);
  if (plain) return plain;
  return [...source.matchAll(NUMBERED)].find(([, decimal, hex]) => NO_CHARACTER.test(characterOf(decimal, hex)));
}

/** Of a reference by number; one that XML does not have where the number is none of Unicode's. */
function characterOf(decimal: string | undefined, hex: string | undefined): string {
  const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number.parseInt(decimal, 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\0';
}

/** The parser alone is not strict: whether the text is well-formed is asked first. */
function parse(source: string): Node[] {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor is a package of its own that also checks rules of business
  const valid = XMLValidator.validate(source);
  if (valid !== true) throw new XmlError('not-xml', reasonOf(valid.err.msg), valid.err.line);
  try {
    return parser.parse(source) as Node[];
  } catch (error) {
    throw new XmlError('not-xml', reasonOf((error as Error).message), 1);
  }
}

/** As a sentence; the parser's own may list every open element. */
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

function encode(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
