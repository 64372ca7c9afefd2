/**
 * Writes the sample `reviews` of plugins/text: opinions about restaurants that do not exist, in the column of a table, made from
 * a small grammar with a fixed seed.
 *
 * Usage: node tools/samples/reviews.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../random.ts';

const target = new URL('../../plugins/text/samples/reviews/', import.meta.url).pathname;
const random = seededRandom(3_012_026);
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;

const PLACES = ['Café Nordlicht', 'The Blue Harbour', 'Chez Aïcha', 'Zum Kessel', 'Trattoria 12'];
const DISHES = ['the soup', 'the dumplings', 'a plain omelette', 'the fish', 'their "famous" cake', 'the bread'];
const OPINIONS: Readonly<Record<string, readonly string[]>> = {
  good: ['was the best in years', 'made us stay for a second plate', 'is worth the way', 'tasted of summer'],
  bad: ['arrived cold, twice', 'was mostly salt', 'cost 24.50 € and was gone in two bites', 'never came'],
  mixed: ['was fine', 'was better last time', 'is good if you are hungry', 'would do on a Monday'],
};
const ENDS: Readonly<Record<string, readonly string[]>> = {
  good: ['We will be back.', 'Five stars!', 'Ask for the table by the window.'],
  bad: ['Never again.', 'The waiter shrugged; so did we.', 'One star, for the view.'],
  mixed: ['Perhaps in winter.', 'The music is too loud, though.', 'Nothing more to say.'],
};
const CLASSES = Object.keys(OPINIONS);

const seen = new Set<string>();
mkdirSync(target, { recursive: true });
for (const [name, count] of Object.entries({ train: 42, test: 15 })) {
  const lines = Array.from({ length: count }, (_, index) => {
    const opinion = CLASSES[index % CLASSES.length]!;
    return `${quoted(newReview(opinion))},${opinion}`;
  });
  writeFileSync(join(target, `${name}.csv`), `${['review,opinion', ...lines].join('\n')}\n`);
}

/** Returns a review that no other row has, so that train and test share none. */
function newReview(opinion: string): string {
  for (;;) {
    const dish = pick(DISHES);
    const first = `${pick(PLACES)}: ${dish} ${pick(OPINIONS[opinion]!)}.`;
    const review = `${first}${pick([' ', '\n'])}${pick(ENDS[opinion]!)}`;
    if (seen.has(review)) continue;
    seen.add(review);
    return review;
  }
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}
