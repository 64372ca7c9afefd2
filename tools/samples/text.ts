/**
 * Writes the sample of plugins/text: tickets to a support desk, in three classes, made from a small grammar with a fixed
 * seed. The training set comes with a word-level tokenizer.
 *
 * Usage: node tools/samples/text.ts
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../random.ts';

const target = new URL('../../plugins/text/samples/tickets/', import.meta.url).pathname;

interface Ticket {
  filename: string;
  label: string;
  text: string;
}

/** Each rule is a list of alternatives, in which `{name}` is replaced with another rule. Each class is a rule. */
const GRAMMAR: Readonly<Record<string, readonly string[]>> = {
  thing: ['kettle', 'desk lamp', 'espresso machine', 'bicycle pump', 'pair of headphones', 'bookshelf', 'café table'],
  city: ['Zürich', 'Lyon', 'Kraków', 'Porto', 'Malmö', 'Graz'],
  day: ['Monday', 'Tuesday', 'Thursday', 'Friday'],
  number: ['two', 'three', 'five', 'nine'],
  amount: ['12.90 €', '49 €', '8.50 €', '120 €'],
  greeting: ['Hello,', 'Hi there,', 'Good morning,', 'Dear team,', 'Hey,'],
  thanks: ['Thanks for looking into it.', 'Many thanks!', 'Please help.', 'I hope you can sort this out.', 'Cheers'],
  mood: ['I am a little annoyed.', 'No hurry.', 'This is urgent.', 'It is the second time.', ''],
  billing: ['{charge} {mood} {refund}', '{charge} {refund}', '{mood} {charge} Could you explain the bill?'],
  charge: [
    'I was charged {amount} twice for the {thing}.',
    'The invoice says {amount}, but the {thing} was on offer.',
    'My card was debited {amount} on {day} and I never ordered a {thing}.',
    'The discount code was not taken off the price of my {thing}; I paid {amount} too much.',
  ],
  refund: ['When do I get the money back?', 'Please refund the difference.', 'Can you correct the invoice?'],
  delivery: ['{parcel} {mood} {where}', '{parcel} {where}', '{mood} {parcel} {where}'],
  parcel: [
    'My {thing} should have arrived in {city} last {day}.',
    'The parcel with the {thing} has been in {city} for {number} days.',
    'The courier left the {thing} with a neighbour whom nobody in our house knows.',
    'The tracking page has shown nothing since {day}, and the {thing} is a present.',
  ],
  where: ['Where is it now?', 'Can you ask the carrier?', 'Could you send another one to {city}?'],
  technical: ['{fault} {tried} {mood}', '{fault} {tried}', '{mood} {fault} {tried}'],
  fault: [
    'The {thing} stopped working after {number} weeks.',
    'Since {day} the {thing} makes a rattling noise.',
    'The app cannot find the {thing} any more.',
    'One screw of the {thing} is missing and the manual only shows {number}.',
  ],
  tried: ['I have already restarted everything.', 'Is there a spare part?', 'What should I try next?'],
};
const CLASSES = ['billing', 'delivery', 'technical'];

const random = seededRandom(20_240_229);
const seen = new Set<string>();
writeDataset('train', 45, { withTokenizer: true });
writeDataset('test', 15, { withTokenizer: false });

function writeDataset(name: string, count: number, { withTokenizer }: { withTokenizer: boolean }): void {
  const folder = join(target, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'texts'), { recursive: true });
  const tickets = Array.from({ length: count }, (_, index) => {
    const label = CLASSES[index % CLASSES.length]!;
    return { filename: `ticket-${String(index + 1).padStart(3, '0')}`, label, text: newText(label) };
  });
  for (const { filename, text } of tickets) writeFileSync(join(folder, 'texts', `${filename}.txt`), text);
  const lines = tickets.map(({ filename, label }) => `${filename},${label}\n`);
  writeFileSync(join(folder, 'labels.csv'), ['filename,label\n', ...lines].join(''));
  if (withTokenizer) {
    writeFileSync(join(folder, 'tokenizer.json'), `${JSON.stringify(tokenizerOf(tickets), undefined, 2)}\n`);
  }
}

/** Returns a text that no other ticket has, so that train and test share none. */
function newText(label: string): string {
  for (;;) {
    const body = expand(`{${label}}`).replaceAll(/ +/g, ' ').trim();
    const text = `${expand('{greeting}')}\n\n${body}\n\n${expand('{thanks}')}\n`;
    if (seen.has(body)) continue;
    seen.add(body);
    return text;
  }
}

function expand(text: string): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, rule: string) => {
    const alternatives = GRAMMAR[rule]!;
    return expand(alternatives[Math.floor(random() * alternatives.length)]!);
  });
}

/** Returns a tokenizer in the layout of the library `tokenizers`: special tokens first, then lower-case words and marks. */
function tokenizerOf(tickets: readonly Ticket[]): object {
  const special = ['[PAD]', '[UNK]'];
  const words = tickets.flatMap(({ text }) => text.toLowerCase().match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+/gu) ?? []);
  const tokens = [...special, ...[...new Set(words)].sort()];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), unk_token: '[UNK]' },
  };
}
