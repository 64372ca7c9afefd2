/**
 * The baseline of `texts.ts`: reads every file of a folder as UTF-8 and writes it into another folder, one after another.
 *
 * Usage: node tools/bench/copy-loop.ts <folder> <new folder>
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) throw new Error('Usage: copy-loop.ts <folder> <new folder>');
mkdirSync(to, { recursive: true });
for (const name of readdirSync(from)) writeFileSync(join(to, name), readFileSync(join(from, name), 'utf8'));
