import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, log } from '../support.ts';
import { seededRandom } from '../../random.ts';

const WORDS = 'the delivery came late again support was kind would not buy a second schön façade Kraków'.split(' ');

/**
 * Writes texts of 20 to 400 words and a manifest of two classes, unless the manifest exists, and returns the folder. Its `texts`
 * has the files. The texts are always the same.
 */
export function makeTexts(count: number, base = join(folder, 'texts', String(count))): string {
  const manifest = join(base, 'labels.csv');
  if (existsSync(manifest)) return base;
  log(`Making ${count} texts …`);
  rmSync(join(base, 'texts'), { recursive: true, force: true });
  mkdirSync(join(base, 'texts'), { recursive: true });
  const random = seededRandom(count);
  const rows = ['filename,label'];
  for (let index = 0; index < count; index++) {
    const words = Array.from({ length: 20 + random() * 380 }, () => WORDS[Math.floor(random() * WORDS.length)]);
    const stem = `text_${String(index).padStart(6, '0')}`;
    // The number makes each text another.
    writeFileSync(join(base, 'texts', `${stem}.txt`), `${index}: ${words.join(' ')}.\n`);
    rows.push(`${stem},${index % 2 === 0 ? 'praise' : 'complaint'}`);
  }
  writeFileSync(manifest, `${rows.join('\n')}\n`);
  return base;
}
