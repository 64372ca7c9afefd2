import type { FileHandle } from 'node:fs/promises';
import type { LayoutReading } from '@tracebloc/ingestor-contract';
import { conllFindings } from '../findings.js';
import { readLines } from '../lines.js';
import type { TextPositions } from '../text-index.js';
import type { ParsedText, TextParser } from '../text-table.js';
import { cellsOf, type ConllOptions, isBetween, isComment, toIob2, wordAndTag } from './words.js';

/** Reads the sentences of a CoNLL file: words with a space between them, and their tags. */
export class ConllParser implements TextParser {
  readonly hasLabels = true;

  constructor(
    private readonly path: string,
    private readonly options: ConllOptions,
    private readonly reading: LayoutReading,
  ) {}

  async index(file: FileHandle, positions: TextPositions): Promise<void> {
    let sentence: { start: number; end: number; line: number } | undefined;
    const end = (): void => {
      if (sentence) positions.add(sentence.start, sentence.end, sentence.line);
      sentence = undefined;
    };
    for await (const { text, start, end: lineEnd, number } of readLines(file, this.reading.signal)) {
      if (isBetween(text)) end();
      else if (sentence || !isComment(text, this.options)) {
        this.#check(text, number);
        sentence = { start: sentence?.start ?? start, end: lineEnd, line: sentence?.line ?? number };
      }
    }
    end();
  }

  #check(line: string, row: number): void {
    const { report } = this.reading;
    const cells = cellsOf(line);
    const [word] = wordAndTag(cells, this.options);
    const { path: file } = this;
    if (cells.length < Math.max(2, this.options.word ?? 0) || word === '') {
      const message = 'The line has too few columns.';
      conllFindings.report(report, 'too-few-columns', () => ({ message, file, row, expected: 'a word and its tag' }));
    } else if (/\s/.test(word)) {
      const message = 'The word has a space in it.';
      conllFindings.report(report, 'space-in-word', () => ({ message, file, row, value: word }));
    }
  }

  parse(source: string): ParsedText {
    const lines = source.split(/\r?\n/).map((line) => wordAndTag(cellsOf(line), this.options));
    const tags = lines.map(([, tag]) => tag);
    return { text: lines.map(([word]) => word).join(' '), label: toIob2(tags, this.options.scheme).join(' ') };
  }
}
