/**
 * Writes the samples `names` and `claims` of plugins/text, made from small grammars with a fixed seed: sentences of a local
 * newspaper with the names in them, and pairs of sentences of which one follows from the other, or contradicts it, or neither.
 *
 * Usage: node tools/samples/sentences.ts
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../random.ts';

const target = new URL('../../plugins/text/samples/', import.meta.url).pathname;
const random = seededRandom(16_112_026);
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;

const PEOPLE = ['Ana', 'Jörg Brandt', 'Maria Silva Costa', 'Li Wei', 'Noor', 'Zoë van Dijk', 'Ivo Petrov', 'Aïcha'];
const PLACES = ['Porto', 'Zürich', 'Novi Sad', 'the Black Forest', 'Malmö', 'New South Wales', 'Graz'];
const FIRMS = ['Kettle & Sons', 'Nordlicht AG', 'Blue Harbour', 'Café Central', 'University of Lund', 'Vega'];
const DAYS = ['on Monday', 'last week', 'in spring', 'after nine years', 'this morning'];

/** Sentences in which P, L and F stand for a name, and D for a time. */
const NEWS = [
  'P opened a bakery in L D .',
  'F has hired P , who used to work in L .',
  '" We are staying , " said P of F .',
  'The bridge near L was closed D .',
  'F and F will build 120 flats in L .',
  'P met P D .',
  'Nobody expected so much snow D .',
  'P left F D and moved from L to L .',
  'Tickets cost 12.50 € , according to F .',
  'In L , P still repairs radios .',
];

const NAMES: Readonly<Record<string, [type: string, names: readonly string[]]>> = {
  P: ['PER', PEOPLE],
  L: ['LOC', PLACES],
  F: ['ORG', FIRMS],
};

function newSentence(): { words: string[]; tags: string[] } {
  const [words, tags]: [string[], string[]] = [[], []];
  for (const slot of pick(NEWS).split(' ')) {
    const [type, names] = NAMES[slot] ?? [];
    const text = names ? pick(names) : slot === 'D' ? pick(DAYS) : slot;
    // The article of a name is not a part of it.
    const parts = text.replace(/^the /, 'the\0').split(' ');
    for (const [index, part] of parts.entries()) {
      const [article, name] = part.includes('\0') ? part.split('\0') : [undefined, part];
      if (article !== undefined) {
        words.push(article);
        tags.push('O');
      }
      words.push(name);
      tags.push(type === undefined ? 'O' : `${index === 0 ? 'B' : 'I'}-${type}`);
    }
  }
  return { words, tags };
}

/** What is claimed: a subject, a predicate that holds, one that cannot hold then, and one of which nothing is said. */
const CLAIMS = [
  ['The cat', 'is asleep on the warm oven', 'is resting', 'is chasing a mouse', 'belongs to the baker'],
  ['Two girls', 'are rowing across the lake', 'are in a boat', 'are sitting in a train', 'are sisters'],
  ['The museum', 'is open every day of the year', 'is open on Sunday', 'is closed on Monday', 'shows old clocks'],
  ['A man in a red coat', 'is mending a bicycle', 'is repairing something', 'is not at work', 'has been robbed'],
  ['The soup', 'has been boiling for an hour', 'is hot', 'is frozen', 'has too much salt'],
  ['Our neighbour', 'sold both cars in May', 'no longer has these cars', 'has never had a car', 'likes to cycle'],
  ['The orchestra', 'plays a waltz outdoors', 'is making music', 'is silent', 'comes from Graz'],
  ['The children', 'have built a tower of snow', 'have been outside', 'have never seen snow', 'are cold'],
] as const;
const DETAILS = ['', ' today', ', as usual', ' – again', ', says the café’s owner', ' while it rains'];
const LABELS = ['entailment', 'contradiction', 'neutral'];

const seen = new Set<string>();
for (const [name, count] of Object.entries({ train: 36, test: 12 })) {
  write(join('names', name), count, () => {
    const { words, tags } = newSentence();
    return { text: words.join(' '), label: tags.join(' ') };
  });
  write(join('claims', name), count, (index) => {
    const [subject, holds, ...others] = pick(CLAIMS);
    const label = LABELS[index % LABELS.length]!;
    const first = `${subject} ${holds}${pick(DETAILS)}.`;
    return { text: `${first}\t${subject} ${others[LABELS.indexOf(label)]!}.\n`, label };
  });
}

/** Writes texts of which no two are alike, also not in train and test. */
function write(folder: string, count: number, make: (index: number) => { text: string; label: string }): void {
  const root = join(target, folder);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, 'texts'), { recursive: true });
  const lines = ['filename,label'];
  for (let index = 0; index < count; index++) {
    let made = make(index);
    while (seen.has(made.text)) made = make(index);
    seen.add(made.text);
    const name = String(index + 1).padStart(3, '0');
    writeFileSync(join(root, 'texts', `${name}.txt`), made.text);
    lines.push(`${name},${made.label}`);
  }
  writeFileSync(join(root, 'labels.csv'), `${lines.join('\n')}\n`);
}
