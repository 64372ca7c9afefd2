/**
 * Writes the samples of plugins/language-modeling, made from small grammars with a fixed seed: the weather in the diary of a
 * gardener, questions of which each has an answer, and sentences in English with their translation into German.
 *
 * Usage: node tools/samples/language.ts
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../random.ts';

const target = new URL('../../plugins/language-modeling/samples/', import.meta.url).pathname;
const random = seededRandom(5_112_026);
const below = (limit: number): number => Math.floor(random() * limit);
const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;

const SKY = [
  'Fog until noon',
  'Thin rain all day',
  'Clear and cold',
  'Wind from the west',
  'Warm for the month',
  'Snow, 3 cm',
];
const WORK = [
  'cut back the plums',
  'moved the leeks under glass',
  'turned the compost',
  'sowed two rows of peas',
  'mended the fence by the café',
  'picked the last quinces',
  'did nothing but read',
];
const ANIMALS = ['A heron', 'The blackbirds', 'Three jays', 'Our neighbour’s geese', 'A hedgehog', 'Nobody'];
const DOES = ['came to the pond', 'ate the red currants', 'slept under the shed', 'made a great noise at dawn'];
const ENDS = ['Tea with Zoë.', 'To bed early.', 'Must buy string.', 'The kettle leaks again!', 'Letters from Graz.'];

/** A page of the diary: two to four sentences. */
function newPage(): string {
  const sky = pick(SKY);
  const degrees = /snow|cold/i.test(sky) ? 1 - below(7) : 3 + below(18);
  const sentences = [`${sky}; ${degrees} °C.`, `We ${pick(WORK)} and ${pick(WORK)}.`];
  if (random() < 0.6) sentences.push(`${pick(ANIMALS)} ${pick(DOES)}.`);
  if (random() < 0.6) sentences.push(pick(ENDS));
  return `${sentences.join(' ')}\n`;
}

/** A prompt and its completion, or, now and then, a text without a prompt. */
function newPrompt(): string {
  const [one, other] = [2 + below(40), 2 + below(40)];
  const word = pick(['garden', 'kettle', 'winter', 'harbour', 'pencil', 'orchard', 'lantern']);
  return pick([
    `What is ${one} plus ${other}?\t${one + other}.`,
    `Spell "${word}" backwards.\t${word.split('').reverse().join('')}`,
    `How many letters has "${word}"?\tIt has ${word.length}: ${word.split('').join(', ')}.`,
    `Which is larger, ${one} or ${other + 50}?\t${other + 50} is larger than ${one}.`,
    `A list of three things for the ${word}:\n- a rope\n- ${one} nails\n- patience\n`,
  ]);
}

const CITIES = [
  ['Vienna', 'Wien'],
  ['Prague', 'Prag'],
  ['Munich', 'München'],
  ['Zurich', 'Zürich'],
  ['Milan', 'Mailand'],
  ['Warsaw', 'Warschau'],
] as const;
const HOURS = [
  ['two', 'zwei'],
  ['three', 'drei'],
  ['five', 'fünf'],
  ['eight', 'acht'],
  ['eleven', 'elf'],
] as const;
const TIMES = [
  ['at # o’clock', 'um # Uhr'],
  ['at a quarter past #', 'um Viertel nach #'],
  ['at ten to #', 'um zehn vor #'],
  ['shortly after #', 'kurz nach #'],
] as const;
const TRIPS = [
  ['The train to @ leaves &.', 'Der Zug nach @ fährt & ab.'],
  ['We arrived in @ &.', 'Wir kamen & in @ an.'],
  ['The shops in @ close &.', 'Die Läden in @ schließen &.'],
  ['Does the bus from @ come &?', 'Kommt der Bus aus @ &?'],
  ['She calls us from @ &.', 'Sie ruft uns & aus @ an.'],
] as const;

/** A sentence and its translation. */
function newTranslation(): string {
  const [city, hour, time, trip] = [pick(CITIES), pick(HOURS), pick(TIMES), pick(TRIPS)];
  return [0, 1]
    .map((index) => trip[index]!.replace('&', time[index]!.replace('#', hour[index]!)).replace('@', city[index]!))
    .join('\t');
}

const seen = new Set<string>();
for (const [name, count] of Object.entries({ train: 30, test: 10 })) {
  write(join('diary', name), 'sequences', count, newPage);
  write(join('answers', name), 'texts', count, newPrompt);
  write(join('travel', name), 'texts', count, newTranslation);
}

/** Writes texts of which no two are alike, also not in train and test. */
function write(folder: string, field: string, count: number, make: () => string): void {
  const root = join(target, folder);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, field), { recursive: true });
  const names: string[] = [];
  while (names.length < count) {
    const text = make();
    if (seen.has(text)) continue;
    seen.add(text);
    const name = String(names.length + 1).padStart(3, '0');
    writeFileSync(join(root, field, `${name}.txt`), text);
    names.push(name);
  }
  writeFileSync(join(root, 'files.csv'), `${['filename', ...names].join('\n')}\n`);
}
