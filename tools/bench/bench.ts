/**
 * Runs a benchmark. It prints its measurements while it runs, and one line of JSON at the end. The ratios in it compare with
 * a baseline that the same run measures, because absolute times drift with the machine.
 *
 * Usage: npm run bench -- <name> [flags of the benchmark]
 */
const benchmarks: Readonly<Record<string, () => Promise<{ run: (args: string[]) => Promise<object> }>>> = {
  growth: () => import('./growth.ts'),
  images: () => import('./images.ts'),
  segmentation: () => import('./segmentation.ts'),
  lists: () => import('./lists.ts'),
  reader: () => import('./reader.ts'),
  'shard-simulation': () => import('./shard-simulation.ts'),
  shards: () => import('./shards.ts'),
  sqlite: () => import('./sqlite.ts'),
  start: () => import('./start.ts'),
  tabular: () => import('./tabular.ts'),
  texts: () => import('./texts.ts'),
  validate: () => import('./validate.ts'),
};

const load = benchmarks[process.argv[2] ?? ''];
if (load === undefined) {
  process.stderr.write(`Usage: npm run bench -- <${Object.keys(benchmarks).join('|')}>\n`);
  process.exit(2);
}
const { run } = await load();
process.stdout.write(`${JSON.stringify(await run(process.argv.slice(3)))}\n`);
