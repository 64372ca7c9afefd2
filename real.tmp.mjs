import { profileManifest } from './libs/dataset/dist/survey/manifest-profile.js';
import { createReport } from './libs/dataset/dist/index.js';
import { DuckDBInstance } from '@duckdb/node-api';
import { readFileSync } from 'node:fs';
const files = readFileSync(0,'utf8').trim().split('\n');
const inst = await DuckDBInstance.create(); const con = await inst.connect();
let same=0, told=0, differ=0;
for (const f of files) {
  const report = createReport();
  let p; try { p = await profileManifest(f, report, new AbortController().signal); } catch (e) { p = { error: e.message }; }
  let d; try { const r = await con.runAndReadAll(`select count(*)::int as n from read_csv('${f}')`); const c = await con.runAndReadAll(`describe select * from read_csv('${f}')`); d = { rows: r.getRowObjects()[0].n, cols: c.getRowObjects().length, names: c.getRowObjects().map(x=>x.column_name+':'+x.column_type) }; } catch (e) { d = { error: String(e.message).slice(0,80) }; }
  const errs = report.totals().map(t=>`${t.code}x${t.count}`).join(' ');
  if (p && !p.error && d.rows === p.rows && d.cols === p.columns.length) same++;
  else console.log(f.replace('/tmp/real/',''), '| ours:', p ? (p.error ?? `${p.rows}x${p.columns.length}`) : 'INVALID', errs, '| duck:', d.error ?? `${d.rows}x${d.cols}`);
}
console.log({same, of: files.length});
