import { writeFileSync } from 'node:fs';
import { profileManifest } from './libs/dataset/dist/survey/manifest-profile.js';
import { createReport } from './libs/dataset/dist/index.js';
const t = {
  longcell: 'a,b\n1,' + 'x'.repeat(65000) + '\n2,y\n3,z\n',
  longcellq: 'a,b\n1,"' + 'x, '.repeat(22000) + '"\n2,y\n3,z\n',
  spaces: 'a,b\n1,' + ' '.repeat(200000) + 'q\n2,y\n3,z\n',
  digits: 'a,b\n1,' + '1'.repeat(65000) + '\n2,2\n3,3\n',
  digits2: 'a\n' + '1 '.repeat(65000) + '\n2\n3\n',
  cols: [0,1,2,3,4].map(r => Array.from({length:20000},(_, i) => r ? r*i : 'c'+i).join(',')).join('\n') + '\n',
  colsNoHeader: [1,2,3,4,5].map(r => Array.from({length:20000},(_, i) => r*i).join(',')).join('\n') + '\n',
  cols200k: [0,1,2].map(r => Array.from({length:199000},(_, i) => r ? r*i : 'c'+i).join(',')).join('\n') + '\n',
  dupcols: [0,1,2,3,4].map(r => Array.from({length:20000},(_, i) => r ? r*i : 'c').join(',')).join('\n') + '\n',
  unnamed: [0,1,2,3,4].map(r => Array.from({length:20000},(_, i) => r ? r*i : (i%2?'c'+i:'')).join(',')).join('\n') + '\n',
  oneline: 'x'.repeat(3e6), onelinec: 'x,'.repeat(1e6),
  quotes: '"'.repeat(300001), quotes2: 'a,b\n' + '"x'.repeat(100000) + '\n1,2\n',
  stray: 'a,b\n' + '1,x"y\n'.repeat(50000), openq: 'a,b\n"1,x\n' + '1,x\n'.repeat(100000), openqs: 'a,b\n' + '"1,x\n1,"x\n'.repeat(30000),
  bs: 'a,b\n' + '\\"\\,'.repeat(50000) + '\n', punct: '!@$^&*/:;|~#'.repeat(20000)+'\n' + '!@$^&*/:;|~#'.repeat(20000)+'\n', 
  blank: 'a,b\n' + '\n'.repeat(1e6) + '1,2\n', ragged: 'a,b\n' + '1\n1,2,3\n'.repeat(100000), same: 'a,b\n'.repeat(100000), empties: 'a,b\n' + ',\n'.repeat(300000) + '1,2\n',
  title: ('word '.repeat(60000) + '\n').repeat(3) + 'a,b\n1,2\n', dashes: 'a,b\n' + ('-'.repeat(50000)+',1\n').repeat(20), dollars: '$a$,$b$\n' + '$1$,$2$\n'.repeat(50000), dollarline: '$'.repeat(100000)+'\n'+ '$'.repeat(100000)+'\n', words: 'a,b\n'+ ('ab '.repeat(30000)+',1\n').repeat(10),
  totals: 'a,b\n' + 'Total,1\n'.repeat(100000), footer: 'a,b,c\n'+'1,2,3\n'.repeat(1000) + 'note of some words\n'.repeat(50000),
};
for (const [k, v] of Object.entries(t)) { writeFileSync('/tmp/perf.csv', v); const s = performance.now(); const r = createReport(); const p = await profileManifest('/tmp/perf.csv', r, new AbortController().signal); console.log(k, v.length, Math.round(performance.now()-s)+' ms', p ? `${p.rows}x${p.columns.length}` : 'INVALID', JSON.stringify(p?.options?.map(o=>o.name)), r.findings().slice(0,1).map(f=>f.code)); }
