import type { Finding } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../../findings/findings.js';

/** The most characters of a key that is compared with a part of the path. */
const MAX_KEY = 1000;

/** Matches a character with a meaning outside of strings. */
const STRUCTURE = /["{}[\]:,]/g;
/** Matches a character with a meaning in a string. */
const STRING_END = /["\\]/g;

/**
 * Cuts one array out of the text of a JSON object that arrives in pieces, cut anywhere: the value of the key that a path
 * such as `data` or `result.items` names. Line ends before the array are kept, so that lines can be counted.
 */
export class EnvelopeReader {
  /** Whether the array has begun. */
  isFound = false;
  /** What is wrong with the text around the array, as the end of a sentence. */
  problem?: string;
  #isDone = false;
  #hasBegun = false;
  /** The keys of the objects that are open; of an array, `undefined`. */
  readonly #path: (string | undefined)[] = [];
  #inString = false;
  #isEscaped = false;
  /** The text of the latest string, while its end may be a key's. */
  #string = '';
  /** The depth of the wanted array. */
  #depth = 0;

  constructor(private readonly records: string) {}

  /** Whether every object and array that was opened is closed. */
  get isClosed(): boolean {
    return this.#path.length === 0 && !this.#inString;
  }

  /** Returns the part of the array that is in the piece. */
  push(piece: string): string {
    let result = '';
    /** Where the part of the array begins in the piece, or -1 outside of it. */
    let start = this.#isInside ? 0 : -1;
    let at = 0;
    while (at < piece.length) {
      if (this.#inString) {
        at = this.#readString(piece, at);
        continue;
      }
      STRUCTURE.lastIndex = at;
      const found = STRUCTURE.exec(piece);
      const end = found ? found.index : piece.length;
      if (!this.isFound) result += lineEnds(piece.slice(at, end));
      at = end + 1;
      if (!found) break;
      const change = this.#accept(found[0]);
      if (change === 'begins') start = end;
      if (change === 'ends') {
        result += piece.slice(start, at);
        start = -1;
      }
    }
    return start === -1 ? result : result + piece.slice(start);
  }

  get #isInside(): boolean {
    return this.isFound && !this.#isDone;
  }

  /** Returns whether the wanted array begins or ends with the character. */
  #accept(character: string): 'begins' | 'ends' | undefined {
    const top = this.#path.length - 1;
    switch (character) {
      case '"':
        this.#inString = true;
        this.#string = '';
        break;
      case ':':
        if (top >= 0) this.#path[top] = keyOf(this.#string);
        break;
      case '{':
        if (top === -1 && this.#hasBegun) this.problem ??= 'has several objects, one after the other';
        this.#hasBegun = true;
        this.#path.push('');
        break;
      case '[':
        return this.#openArray();
      case '}':
      case ']':
        this.#path.pop();
        if (this.#isInside && this.#path.length <= this.#depth) {
          this.#isDone = true;
          return 'ends';
        }
        break;
    }
    return undefined;
  }

  #openArray(): 'begins' | undefined {
    const isWanted = !this.#isInside && !this.#path.includes(undefined) && this.#path.join('.') === this.records;
    this.#path.push(undefined);
    if (!isWanted) return undefined;
    if (this.isFound) {
      this.problem ??= `has the array \`${this.records}\` twice`;
      return undefined;
    }
    this.isFound = true;
    this.#depth = this.#path.length - 1;
    return 'begins';
  }

  /** Returns the offset after the end of the string, or the length of the piece. */
  #readString(piece: string, from: number): number {
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at++;
    }
    while (at < piece.length) {
      STRING_END.lastIndex = at;
      const found = STRING_END.exec(piece);
      if (!found) break;
      at = found.index + 1;
      if (found[0] === '"') {
        this.#inString = false;
        this.#keep(piece.slice(from, found.index));
        return at;
      }
      if (at === piece.length) this.#isEscaped = true;
      else at++;
    }
    this.#keep(piece.slice(from));
    return piece.length;
  }

  #keep(text: string): void {
    if (!this.#isInside && this.#string.length <= MAX_KEY) this.#string += text.slice(0, MAX_KEY + 1);
  }
}

/** Returns the key that is written between two quotes. */
function keyOf(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}

function lineEnds(text: string): string {
  return text.match(/\r\n|\n|\r/g)?.join('') ?? '';
}

/** The most objects around an array of records. */
const MAX_DEPTH = 4;

/** An array of objects, and how much of the text it is. */
interface Candidate {
  path: string;
  depth: number;
  start: number;
  length: number;
}

/**
 * Returns the path of the array of records in the only object of a file, judged by the beginning of its text: of the arrays
 * of objects the outermost one, and of several the longest. Returns `undefined` if there is none, or for JSON lines.
 */
export function findRecords(head: string): string | undefined {
  if (!/^\s*\{/.test(head) || isLines(head)) return undefined;
  const path: (string | undefined)[] = [];
  const open: (Candidate | undefined)[] = [];
  const found: Candidate[] = [];
  let string = '';
  for (const { 0: token, index } of head.matchAll(/"(?:[^"\\]|\\.)*"|\[\s*(?=\{)|[{}[\]:]/gs)) {
    if (token.startsWith('"')) {
      string = token.slice(1, -1);
    } else if (token === ':') {
      path[path.length - 1] = keyOf(string);
    } else if (token === '{') {
      path.push('');
      open.push(undefined);
    } else if (token.startsWith('[')) {
      const candidate =
        head[index + token.length] === '{' && mayHold(path)
          ? { path: path.join('.'), depth: path.length, start: index, length: head.length - index }
          : undefined;
      if (candidate) found.push(candidate);
      open.push(candidate);
      path.push(undefined);
    } else {
      path.pop();
      const closed = open.pop();
      if (closed) closed.length = index - closed.start;
      if (path.length === 0) break;
    }
  }
  found.sort((one, other) => one.depth - other.depth || other.length - one.length);
  return found[0]?.path;
}

/** Returns the finding of a file whose only object has the records inside, judged by the beginning of its text. */
export function findEnvelope(head: string): Finding | undefined {
  const path = findRecords(head);
  if (path !== undefined) {
    const message = `The file is one object, and its records are in the array \`${path}\`.`;
    return makeFinding('json-envelope', { message, fix: `Set \`spec.json_options.records: ${path}\`.` });
  }
  if (!isByColumn(head)) return undefined;
  const message = 'The file is one object whose values are not records but lie in it by column or by row number.';
  const fix = "Write one object for each record, with pandas: `to_json(path, orient='records')`.";
  return makeFinding('json-envelope', { message, fix });
}

/** Whether the only object of a file has its values by column or by row number, as pandas writes it unless told otherwise. */
function isByColumn(head: string): boolean {
  return /^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*(?:\{|\[(?!\s*\{))/s.test(head) && !isLines(head);
}

/** Whether an array at the path may have the records: only objects are around it. */
function mayHold(path: readonly (string | undefined)[]): boolean {
  return path.length > 0 && path.length <= MAX_DEPTH && !path.includes(undefined);
}

/** Whether the first line is an object and another one follows. */
function isLines(head: string): boolean {
  const [first, second] = head.trimStart().split(/[\r\n]+\s*/, 2);
  if (!second?.startsWith('{')) return false;
  try {
    JSON.parse(first!);
    return true;
  } catch {
    return false;
  }
}
