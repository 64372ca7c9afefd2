/** How a dataset is on disk. */
export interface Layout {
  /** Fields of `ingest.yaml`, beside those that all have. */
  yaml: Record<string, unknown>;
  files: Record<string, string>;
}

/** Texts, and the layouts that have them. */
export interface Dataset {
  task: string;
  layouts: Record<string, Layout>;
  /** The label and the text of each row, in order. */
  rows: [label: string | null, text: string][];
}

/** Returns the name of the text with this index. */
export const name = (index: number): string => String(index + 1).padStart(9, '0');
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

/** The same texts as files that a CSV names. */
export function asFiles(rows: Dataset['rows'], folder = 'texts'): Layout {
  const hasLabel = rows.some(([label]) => label !== null);
  const lines = rows.map(([label], index) => (hasLabel ? `${name(index)},${quoted(label ?? '')}` : name(index)));
  const texts = rows.map(([, text], index) => [`${folder}/${name(index)}.txt`, text] as const);
  return {
    yaml: { csv: 'labels.csv' },
    files: {
      'labels.csv': `${[hasLabel ? 'filename,label' : 'filename', ...lines].join('\n')}\n`,
      ...Object.fromEntries(texts),
    },
  };
}

/** The same texts in a column of a CSV, or in several. */
export function asColumns(rows: Dataset['rows'], columns: string[]): Layout {
  const lines = rows.map(([label, text]) => {
    const fields = text.split('\t');
    const cells = columns.length === 1 ? [text] : columns.map((_column, index) => fields[index] ?? '');
    return [...cells, label ?? ''].map(quoted).join(',');
  });
  return {
    yaml: { csv: 'texts.csv', text_column: columns.length === 1 ? columns[0] : columns },
    files: { 'texts.csv': `${[...columns, 'label'].join(',')}\n${lines.join('\n')}\n` },
  };
}

/** Returns objects as JSON lines. */
export const jsonLines = (objects: object[]): string => objects.map((one) => `${JSON.stringify(one)}\n`).join('');

const TAGGED: Dataset['rows'] = [
  ['B-ORG O O O', 'EU rejects German calls'],
  ['B-PER I-PER', 'Peter Blackburn'],
  ['O B-LOC O', 'in Zürich .'],
];
const PAIRS: Dataset['rows'] = [
  ['yes', 'It rains.\tIt is wet, "very".'],
  ['no', 'Ein Stück.\tKein Stück.'],
];
const EXAMPLES: Dataset['rows'] = [
  [null, 'Why?\tBecause, "so".\tWho knows.'],
  [null, 'Größe?\t12 cm'],
];
const TURNS: Dataset['rows'] = [
  [null, 'system: Be brief.\nuser: Why?\tBecause.'],
  [null, 'user: Grüße?\nassistant: Hi.\nuser: Two\nlines?\tYes,\nboth.'],
];

/** A dataset of each task on texts, in the layouts that it can have. */
export const DATASETS: Dataset[] = [
  {
    task: 'text_classification',
    rows: [
      ['a', 'One "text"\nof two lines'],
      ['b', 'Zwei, größer'],
    ],
    layouts: {},
  },
  {
    task: 'token_classification',
    rows: TAGGED,
    layouts: {
      conll: {
        yaml: { conll: 'train.conll' },
        files: {
          'train.conll': TAGGED.map(([label, text]) => {
            const tags = label!.split(' ');
            return `${text
              .split(' ')
              .map((word, index) => `${word} NN ${tags[index]!}`)
              .join('\n')}\n`;
          }).join('\n'),
        },
      },
    },
  },
  {
    task: 'sentence_pair_classification',
    rows: PAIRS,
    layouts: {
      pairs: {
        yaml: { pairs: 'pairs.jsonl' },
        files: {
          'pairs.jsonl': jsonLines(
            PAIRS.map(([label, text]) => ({ label, premise: text.split('\t')[0], hypothesis: text.split('\t')[1] })),
          ),
        },
      },
    },
  },
  {
    task: 'seq2seq',
    rows: PAIRS.map(([, text]) => [null, text]),
    layouts: {
      pairs: {
        yaml: { pairs: 'pairs.jsonl', spec: { pairs_options: { fields: ['t.en', 't.de'] } } },
        files: {
          'pairs.jsonl': jsonLines(
            PAIRS.map(([, text]) => ({ t: { en: text.split('\t')[0], de: text.split('\t')[1] } })),
          ),
        },
      },
    },
  },
  {
    task: 'embeddings',
    rows: EXAMPLES,
    layouts: {
      pairs: {
        yaml: { pairs: 'pairs.jsonl' },
        files: {
          'pairs.jsonl': jsonLines(
            EXAMPLES.map(([, text]) => {
              const [anchor, positive, negative] = text.split('\t');
              return { anchor, positive, negative };
            }),
          ),
        },
      },
    },
  },
  {
    task: 'causal_language_modeling',
    rows: TURNS,
    layouts: {
      pairs: {
        yaml: { pairs: 'pairs.jsonl' },
        files: {
          'pairs.jsonl': jsonLines(
            TURNS.map(([, text]) => ({ prompt: text.split('\t')[0], completion: text.split('\t')[1] })),
          ),
        },
      },
      chat: {
        yaml: { chat: 'chats.jsonl' },
        files: {
          'chats.jsonl': jsonLines([
            {
              messages: [
                { role: 'system', content: 'Be brief.' },
                { role: 'user', content: 'Why?' },
                { role: 'assistant', content: 'Because.' },
              ],
            },
            {
              messages: [
                { role: 'user', content: 'Grüße?' },
                { role: 'assistant', content: 'Hi.' },
                { role: 'user', content: 'Two\nlines?' },
                { role: 'assistant', content: 'Yes,\nboth.' },
              ],
            },
          ]),
        },
      },
    },
  },
  {
    task: 'masked_language_modeling',
    rows: [
      [null, 'user: Grüße?\nassistant: Hi.'],
      [null, 'user: Two\nlines?'],
    ],
    layouts: {
      chat: {
        yaml: { chat: 'chats.jsonl', spec: { chat_options: { text: 'transcript' } } },
        files: {
          'chats.jsonl': jsonLines([
            {
              messages: [
                { role: 'user', content: 'Grüße?' },
                { role: 'assistant', content: 'Hi.' },
              ],
            },
            { messages: [{ role: 'user', content: 'Two\nlines?' }] },
          ]),
        },
      },
    },
  },
];
