import type { FileHandle } from 'node:fs/promises';
import type { JsonObject, LayoutReading, LayoutRequest } from '@tracebloc/ingestor-contract';
import { joinFields } from '@tracebloc/ingestor-dataset';
import { lineFindings } from '../findings.js';
import { type JsonLine, parseObject, readJsonLines, reportTabs } from '../json-lines.js';
import type { TextPositions } from '../text-index.js';
import type { ParsedText, TextParser } from '../text-table.js';
import { type Message, messagesOf, transcribe } from './messages.js';

/** Reads the lines of chats. */
export class ChatParser implements TextParser {
  readonly hasLabels = false;
  /** Whether a text is the answer with its prompt before it, and a tab between them. */
  readonly #hasPrompt: boolean;

  constructor(
    private readonly request: LayoutRequest,
    private readonly reading: LayoutReading,
  ) {
    this.#hasPrompt = request.options.text === 'prompt_and_answer';
  }

  async index(file: FileHandle, positions: TextPositions): Promise<void> {
    for await (const line of readJsonLines(file, this.request.path, this.reading)) {
      if (this.#check(line)) positions.add(line.start, line.end, line.place.row);
    }
  }

  #check({ value, place }: JsonLine): boolean {
    const { report, ...where } = place;
    const messages = messagesOf(value);
    if (!messages) {
      const message = 'The line has no messages of text, each with its role.';
      const expected = '{"messages": [{"role": "user", "content": "…"}, …]}';
      lineFindings.report(report, 'missing-text', () => ({ message, ...where, expected }));
      return false;
    }
    if (this.#hasPrompt && (messages.length < 2 || messages.at(-1)!.role !== 'assistant')) {
      const message = 'The line does not end with an answer of the assistant to a message.';
      lineFindings.report(report, 'no-answer', () => ({ message, ...where }));
      return false;
    }
    if (this.#join(messages).isChanged) reportTabs(place, false);
    return true;
  }

  parse(source: string): ParsedText {
    return { text: this.#join(messagesOf(parseObject(source) as JsonObject)!).text };
  }

  #join(messages: readonly Message[]): { text: string; isChanged: boolean } {
    const parts = this.#hasPrompt
      ? [transcribe(messages.slice(0, -1)), messages.at(-1)!.content]
      : [transcribe(messages)];
    return joinFields(parts, false);
  }
}
