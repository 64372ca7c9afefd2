import { writeFileSync, appendFileSync } from 'node:fs';
import { profileManifest } from './libs/dataset/dist/survey/manifest-profile.js';
import { createReport } from './libs/dataset/dist/index.js';
async function run(k, v) { writeFileSync('/tmp/perf.csv', v); for (let i = 1; i < (k==='big'?100:1); i++) appendFileSync('/tmp/perf.csv', v.slice(v.indexOf('\n')+1)); const s = performance.now(); const r = createReport(); const p = await profileManifest('/tmp/perf.csv', r, new AbortController().signal); console.log(k, Math.round(performance.now()-s)+' ms', p ? `${p.rows}x${p.columns.length}` : 'INVALID', JSON.stringify(p?.options), JSON.stringify(p?.doubts)); }
await run('cols', [0,1,2,3,4].map(r => Array.from({length:20000},(_, i) => r ? r*i : 'c'+i).join(',')).join('\n') + '\n');
await run('totals', 'a,b\n' + 'Total,1\n'.repeat(100000));
await run('big', 'id,name,at,amount,note\n' + Array.from({length:15000},(_, i)=>`${i},Ann ${i%100},2020-01-${String(i%28+1).padStart(2,'0')} 10:00:00,${(i*1.37).toFixed(2)},"some text, with ${i}"`).join('\n')+'\n');
