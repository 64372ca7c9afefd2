import type { DataLayout, LayoutDetection } from '@tracebloc/ingestor-contract';
import { lineFindings } from '../findings.js';
import { detectJsonLines } from '../json-detect.js';
import { locateFile, openTexts } from '../text-table.js';
import { messagesOf } from './messages.js';
import { ChatParser } from './source.js';

export const chat: DataLayout = {
  kind: 'layout',
  name: 'chat',
  title: 'JSON lines of chats',
  summary: 'JSON lines of `messages` with their roles, instead of a manifest and texts.',
  names: 'file',
  extensions: [],
  options: {
    type: 'object',
    properties: {
      text: {
        enum: ['prompt_and_answer', 'transcript'],
        description:
          'What a text is: `prompt_and_answer` (default), the messages before the last one, a tab, and that one, or `transcript`, all messages. Each begins with its role.',
        default: 'prompt_and_answer',
        examples: ['transcript'],
      },
    },
  },
  forms: ['free_texts'],
  findings: lineFindings.list.filter(({ code }) => code !== 'unused-fields'),
  locate: locateFile,
  open: (request, reading) => openTexts(request, reading, new ChatParser(request, reading)),
  detect: detectChats,
};

/** Recognises files of JSON lines with messages. */
function detectChats(root: string): Promise<LayoutDetection | undefined> {
  return detectJsonLines(root, (lines) =>
    lines.every((line) => messagesOf(line)) ? { found: 'JSON lines of chats', forms: ['free_texts'] } : undefined,
  );
}
