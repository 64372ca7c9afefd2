import { dirname } from 'node:path';
import type { RecordFile, Report } from '@tracebloc/ingestor-contract';
import { readInput } from '@tracebloc/ingestor-core';
import { SidecarFolder } from '@tracebloc/ingestor-dataset';
import { tokenizerFindings } from './findings.js';

export const TOKENIZER = 'tokenizer.json';
const PAD = '[PAD]';
/** The most bytes, since the file is parsed in memory. Tokenizers of many languages have some 20 MB. */
const MAX_SIZE = 64 * 1024 * 1024;

/** The part of a Hugging Face `tokenizer.json` that is checked. Any value may have another type. */
interface Tokenizer {
  /** The number of each token, or an array of `[token, score]` in a Unigram model. */
  model?: { vocab?: unknown } | null;
  added_tokens?: unknown;
}

/**
 * Returns the `tokenizer.json` beside the folder of texts as a file of the dataset, and reports what is wrong with it.
 * Returns undefined when there is no such file, or it cannot be read.
 */
export async function findTokenizer(texts: string, report: Report): Promise<RecordFile | undefined> {
  const beside = await SidecarFolder.open(dirname(texts), '.json');
  if (!beside.has('tokenizer')) return undefined;
  const file = await beside.find(TOKENIZER, { report, file: TOKENIZER });
  if (!file) return undefined;
  if (file.size > MAX_SIZE) {
    const message = `The file has ${file.size} bytes, so it was not read.`;
    tokenizerFindings.report(report, 'tokenizer-too-large', () => ({
      message,
      file: TOKENIZER,
      expected: `at most ${MAX_SIZE} bytes`,
    }));
  } else {
    checkTokenizer(await readInput(file.path, { limit: MAX_SIZE }), report);
  }
  return { source: file.path, within: file.within, target: TOKENIZER };
}

function checkTokenizer(content: Uint8Array, report: Report): void {
  const parsed = parse(content);
  if (parsed === undefined) {
    const message = 'The file is not valid JSON in UTF-8.';
    tokenizerFindings.report(report, 'tokenizer-not-json', () => ({ message, file: TOKENIZER }));
    return;
  }
  const { model, added_tokens: added } = (parsed ?? {}) as Tokenizer;
  const tokens = tokensOf(model?.vocab);
  if (tokens.size === 0) {
    const details = { message: 'The file has no vocabulary.', file: TOKENIZER, expected: 'tokens in model.vocab' };
    tokenizerFindings.report(report, 'tokenizer-without-vocabulary', () => details);
  } else if (!tokens.has(PAD) && !isAdded(added)) {
    const details = { message: 'The vocabulary has no token for padding.', file: TOKENIZER, expected: PAD };
    tokenizerFindings.report(report, 'tokenizer-without-pad', () => details);
  }
}

/** Returns undefined unless the content is JSON. The libraries that will read the file refuse a byte order mark. */
function parse(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content));
  } catch {
    return undefined;
  }
}

function tokensOf(vocab: unknown): ReadonlySet<unknown> {
  if (Array.isArray(vocab)) return new Set(vocab.map((entry: unknown): unknown => Array.isArray(entry) && entry[0]));
  return new Set(typeof vocab === 'object' && vocab !== null ? Object.keys(vocab) : []);
}

function isAdded(tokens: unknown): boolean {
  return Array.isArray(tokens) && tokens.some((token) => (token as { content?: unknown } | null)?.content === PAD);
}
