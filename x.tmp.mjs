import { detectDialect } from './libs/dataset/dist/survey/dialect/detect.js';
const lines = Array.from({ length: 8 }, (_, index) => [`${5 + index}.5`, `${index}.25`, `${index * 7}`]).map(r=>r.join(',')).join('\n')+'\n';
console.log(detectDialect({head:`one,two,three\n\na,b,c\n${lines}`, tail:'', complete:true, path:'x.csv'}));
