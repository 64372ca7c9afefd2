import { detectDialect } from './libs/dataset/dist/survey/dialect/detect.js';
import { readDialectSample } from './libs/dataset/dist/survey/dialect/sample.js';
import { profileManifest } from './libs/dataset/dist/survey/manifest-profile.js';
import { createReport } from './libs/dataset/dist/index.js';
import { openReader } from './libs/dataset/dist/index.js';
for (const f of process.argv.slice(2)) {
  const s = await readDialectSample(f);
  const d = detectDialect(s);
  console.log('##', f.split('/').at(-1), JSON.stringify(d));
  const r = createReport(); const p = await profileManifest(f, r, new AbortController().signal);
  console.log('  ', p ? `${p.rows}x${p.columns.length}` : 'INVALID', JSON.stringify(p?.doubts), r.findings().slice(0,3).map(x=>`${x.severity} ${x.code} ${x.row}: ${x.message} FIX ${x.fix}`));
}
