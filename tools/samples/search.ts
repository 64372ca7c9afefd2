/**
 * Writes the sample `search` of plugins/language-modeling: questions about the rules of a made-up library, a swimming pool and a
 * campsite, each with the passage that answers it and mostly one that does not. Each has another place or number, by a fixed seed.
 *
 * Usage: node tools/samples/search.ts
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../random.ts';

const target = new URL('../../plugins/language-modeling/samples/search/', import.meta.url).pathname;
const random = seededRandom(29_112_026);
const below = (limit: number): number => Math.floor(random() * limit);
const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;

const PLACES = ['the library', 'the pool', 'the campsite', 'the museum café', 'the boathouse', 'the botanical garden'];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** What people ask: ways to ask it, and passages that answer. `@` is the place, `#` a number and `&` a day. */
const TOPICS: readonly { questions: readonly string[]; passages: readonly string[] }[] = [
  {
    questions: ['When does @ close on &?', 'How late can I come to @ on a &?'],
    passages: ['On & the doors of @ are shut at # o’clock.', 'Last entry to @ is at # o’clock every &.'],
  },
  {
    questions: ['What does a ticket for @ cost?', 'How much do I pay to enter @?'],
    passages: ['Adults pay # €, children under seven nothing, at @.', 'A day in @ is # €; on & it is half.'],
  },
  {
    questions: ['May I bring my dog to @?', 'Are pets allowed at @?'],
    passages: ['Animals wait outside of @, except guide dogs.', 'Dogs on a lead are welcome at @ before # o’clock.'],
  },
  {
    questions: ['How do I get to @ without a car?', 'Which bus stops near @?'],
    passages: ['Line # stops across the road from @.', 'From the station it is a walk of # minutes to @.'],
  },
  {
    questions: ['I lost my umbrella at @. Where do I ask?', 'Who keeps things that are left behind in @?'],
    passages: ['What was found in @ lies in box # at the desk until &.', 'Call extension # for lost property of @.'],
  },
  {
    questions: ['Can a wheelchair get into @?', 'Is there a lift at @?'],
    passages: ['The ramp to @ is behind gate #; ring and we open it.', 'A lift takes # people to each floor of @.'],
  },
];

/** Fills in the places, numbers and days of a text. */
const fill = (text: string, [place, number, day]: readonly [string, number, string]): string => {
  const full = text.replaceAll('@', place).replace('#', String(number)).replaceAll('&', day);
  return full.charAt(0).toUpperCase() + full.slice(1);
};

/** A question, its passage, and in four of five a passage about something else at the same place. */
function newExample(): string {
  const topic = pick(TOPICS);
  const other = pick(TOPICS.filter((one) => one !== topic));
  const facts = [pick(PLACES), 2 + below(18), pick(DAYS)] as const;
  const texts = [pick(topic.questions), pick(topic.passages)];
  if (random() < 0.8) texts.push(pick(other.passages));
  return `${texts.map((text) => fill(text, facts)).join('\t')}\n`;
}

const questions = new Set<string>();
for (const [intent, count] of Object.entries({ train: 40, test: 12 })) {
  const root = join(target, intent);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, 'texts'), { recursive: true });
  const names: string[] = [];
  while (names.length < count) {
    const text = newExample();
    const [question = ''] = text.split('\t');
    if (questions.has(question)) continue;
    questions.add(question);
    const name = String(names.length + 1).padStart(3, '0');
    writeFileSync(join(root, 'texts', `${name}.txt`), text);
    names.push(name);
  }
  writeFileSync(join(root, 'files.csv'), `${['filename', ...names].join('\n')}\n`);
}
