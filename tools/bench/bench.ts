/**
 * Benchmarks. Each prints what it measures while it runs, and one line of JSON at the end: ratios against a baseline
 * that is measured in the same run, since absolute times drift with the machine.
 *
 * Usage: npm run bench -- <name>
 */
const benchmarks = {
  images: () => import('./images.ts'),
  tabular: () => import('./tabular.ts'),
};

const name = process.argv[2];
if (!Object.hasOwn(benchmarks, name ?? '')) {
  process.stderr.write(`Usage: npm run bench -- <${Object.keys(benchmarks).join('|')}>\n`);
  process.exit(2);
}
const { run } = await benchmarks[name]();
process.stdout.write(`${JSON.stringify(await run())}\n`);
