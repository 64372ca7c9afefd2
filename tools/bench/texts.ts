/**
 * `npm run bench -- texts` measures a whole ingest of 20,000 texts, each in a file, into the embedded database. The baseline
 * is a plain loop that reads each file as UTF-8 and writes it into another folder of the same disk. Both times contain the
 * start of a process.
 *
 * Flags: --rows <20000>  --rounds <3>
 */
import { join } from 'node:path';
import { makeTexts } from './files/texts.ts';
import { best, measureProcess, round, type Measurement } from './measure.ts';
import { describe, log, measureIngest, readFlags, removeAside, root, setAside } from './support.ts';

export async function run(args: string[]): Promise<object> {
  const { rows, rounds } = readFlags(args, [], { rows: 20_000, rounds: 3 });
  const base = makeTexts(rows);
  const copies: Measurement[] = [];
  const ingests: Measurement[] = [];
  for (let index = 0; index < rounds; index++) {
    const copy = await copyTexts(base);
    const ingest = await ingestTexts(base);
    log(`round ${index + 1}: loop ${describe(copy)}; ingest ${describe(ingest)}`);
    copies.push(copy);
    ingests.push(ingest);
  }
  removeAside(base);
  const [copy, ingest] = [best(copies), best(ingests)];
  return {
    copy_s: round(copy.seconds),
    texts_s: round(ingest.seconds),
    texts_ratio: round(ingest.seconds / copy.seconds),
    copy_processor_s: round(copy.processorSeconds),
    texts_processor_s: round(ingest.processorSeconds),
    texts_rss_mb: round(ingest.rssMb, 0),
  };
}

async function copyTexts(base: string): Promise<Measurement> {
  const target = join(base, 'copy');
  setAside(base, target);
  const loop = join(root, 'tools/bench/copy-loop.ts');
  const measured = await measureProcess(process.execPath, [loop, join(base, 'texts'), target], process.env);
  setAside(base, target);
  return measured;
}

/** Ingests the folder that `makeTexts` returned. */
export async function ingestTexts(base: string): Promise<Measurement> {
  const storage = join(base, 'storage');
  setAside(base, storage);
  const fields = { category: 'text_classification', table: 'texts', csv: 'labels.csv' };
  const measured = await measureIngest(base, fields, { storage });
  setAside(base, storage);
  return measured;
}
