import { seededRandom } from '../random.ts';

/** A clean table: texts as they are meant, without quotes or delimiters around them. */
export interface CleanTable {
  name: string;
  header: string[];
  rows: string[][];
}

const ROWS = 84;

/** Sales of a shop: dates, times, prices, and texts with commas and quotes. */
function sales(): CleanTable {
  const random = seededRandom(1);
  const texts = [
    'A lamp, with shade, "Nora"',
    'Two chairs; one of them, sadly, broken',
    'Candles, white',
    'Rope, by the metre: 3, 5, or 10',
    "A clock, 'as new'",
    'The "best" of all; said so',
    'Plain',
    '',
  ];
  const types = ['lighting', 'furniture', 'garden', 'tools & more'];
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const day = String((index % 28) + 1).padStart(2, '0');
    const product = String(10_000 + Math.floor(random() * 89_999));
    return [
      `2018-${String((index % 12) + 1).padStart(2, '0')}-${day}`,
      `${String(8 + (index % 12)).padStart(2, '0')}:${String((index * 7) % 60).padStart(2, '0')}`,
      index % 11 === 3 ? '' : String(1 + Math.floor(random() * 40)),
      `P-${product}`,
      (random() * 500).toFixed(2),
      types[index % 4]!,
      texts[index % texts.length]!,
      `https://shop.example/item/${product}?q=${index}`,
      index % 5 === 0 ? `Ask for it, please; row ${index}` : '',
    ];
  });
  const header = [
    'sold_on',
    'sold_at',
    'quantity',
    'product_id',
    'unit_price',
    'product_type',
    'description',
    'url',
    'remarks',
  ];
  return { name: 'sales', header, rows };
}

/** Patients: names of people, numbers with gaps, codes with zeros, and yes or no. */
function patients(): CleanTable {
  const random = seededRandom(2);
  const rows = Array.from({ length: ROWS }, (_, index) => [
    String(1001 + index),
    `${['Ann', 'Bo', 'Cyd', 'Dee', 'Éva'][index % 5]} ${['Smith', 'de Vries', "O'Hara", 'Müller'][index % 4]}`,
    index % 9 === 4 ? '' : String(21 + ((index * 7) % 60)),
    (50 + random() * 45).toFixed(1),
    (150 + random() * 45).toFixed(0),
    index % 3 === 0 ? 'yes' : 'no',
    `0${1000 + Math.floor(random() * 8000)}`,
    `19${String(30 + (index % 60)).padStart(2, '0')}-0${1 + (index % 9)}-1${index % 9}`,
    ['A', 'B', 'AB', '0'][Math.floor(random() * 4)]!,
  ]);
  const header = ['patient_id', 'full_name', 'age', 'weight', 'height', 'smoker', 'zip', 'born', 'blood'];
  return { name: 'patients', header, rows };
}

/** Answers to a survey: nearly only texts, of which some have several lines. */
function answers(): CleanTable {
  const random = seededRandom(3);
  const words = ['good', 'bad', 'fair', 'never', 'often', 'always', 'rarely'];
  const pick = () => words[Math.floor(random() * words.length)]!;
  const rows = Array.from({ length: ROWS }, (_, index) => [
    `R${String(index + 1).padStart(3, '0')}`,
    ['Berlin', 'São Paulo', 'New York, NY', 'Kraków'][index % 4]!,
    pick(),
    pick(),
    index % 4 === 1 ? `I said: "${pick()}", and meant it` : `It was ${pick()}`,
    index % 7 === 2 ? `First line\nsecond, ${pick()}` : pick(),
    pick(),
    index % 6 === 0 ? '' : pick(),
    `end of ${index}`,
  ]);
  const header = ['respondent', 'city', 'food', 'service', 'comment', 'details', 'visits', 'again', 'note'];
  return { name: 'answers', header, rows };
}

export const CLEAN_TABLES: readonly CleanTable[] = [sales(), patients(), answers()];
