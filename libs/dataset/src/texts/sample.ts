import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { openInput } from '@tracebloc/ingestor-core';

/** The most files that are looked at, and the bytes of each. */
const MAX_FILES = 100;
const MAX_BYTES = 64 * 1024;

/** What the texts of a folder are like, as far as some of them show it. */
export interface TextKind {
  /** The number of fields that each text has, if all are one line with the same number of tabs; else 0. */
  fields: number;
}

/** Looks at some texts of a folder, evenly chosen. */
export async function lookAtTexts(folder: string, extension: string): Promise<TextKind> {
  const all = (await readdir(folder)).filter((name) => extname(name).toLowerCase() === extension).sort();
  const step = Math.max(1, Math.floor(all.length / MAX_FILES));
  const names = all.filter((_name, index) => index % step === 0).slice(0, MAX_FILES);
  let fields = 0;
  for (const name of names) {
    const count = await countFields(join(folder, name));
    if (count === 0 || (fields !== 0 && count !== fields)) return { fields: 0 };
    fields = count;
  }
  return { fields };
}

/** Returns the number of fields of a text that is one line, or 0. */
async function countFields(path: string): Promise<number> {
  const file = await openInput(path).catch(() => undefined);
  if (!file) return 0;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
    const text = buffer.toString('utf8', 0, bytesRead).replace(/[\r\n]+$/, '');
    if (bytesRead === MAX_BYTES || /[\r\n]/.test(text)) return 0;
    const fields = text.split('\t');
    return fields.some((field) => field.trim() === '') ? 0 : fields.length;
  } finally {
    await file.close();
  }
}
