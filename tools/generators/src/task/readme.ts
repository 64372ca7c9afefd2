import type { Tree } from '@nx/devkit';
import type { FindingCode } from '@tracebloc/ingestor-contract';
import {
  COLUMN_FINDINGS,
  FILE_FINDINGS,
  LABEL_FINDINGS,
  READER_FINDINGS,
  TYPE_FINDINGS,
} from '@tracebloc/ingestor-dataset';
import type { Names, TaskOptions } from './names.js';

type Kind = TaskOptions['kind'];

/** What the generated tasks report, as their source says too. */
const FINDINGS: Readonly<Record<Kind, readonly FindingCode[]>> = {
  table: [...READER_FINDINGS, ...COLUMN_FINDINGS, ...TYPE_FINDINGS, ...LABEL_FINDINGS],
  files: [
    ...READER_FINDINGS,
    ...COLUMN_FINDINGS,
    ...TYPE_FINDINGS,
    ...LABEL_FINDINGS,
    ...FILE_FINDINGS.filter(({ code }) => code !== 'unpaired-file'),
  ],
};

const LAYOUTS: Readonly<Record<Kind, (names: Names) => string>> = {
  table: ({ title, task }) => `## ${title}

One row a record: its columns, and its class.

\`\`\`
train.csv          length,width,colour,kind
                   6.1,2.4,green,oak
\`\`\`

\`\`\`yaml
apiVersion: tracebloc.io/v1
kind: IngestConfig
category: ${task}
table: ${task}_train
intent: train
csv: train.csv
schema: { length: FLOAT, width: FLOAT, colour: VARCHAR(16) }
label: kind
\`\`\`
`,
  files: ({ title, task }) => `## ${title}

One row a file: its \`filename\`, with or without extension, and its class. The files lie in \`files/\` beside the manifest.

\`\`\`
labels.csv         filename,kind
files/a.txt        a,oak
\`\`\`

\`\`\`yaml
apiVersion: tracebloc.io/v1
kind: IngestConfig
category: ${task}
table: ${task}_train
intent: train
csv: labels.csv
label: kind
\`\`\`

\`spec.file_options.extension\` is the one extension of the files; \`.txt\` where it is not given.
`,
};

const FINDINGS_TITLE = '## Findings';
const TABLE_END = '<!-- /findings -->';

/** Adds a task, its sample and what it reports to the plugin's documentation. */
export function documentTask(tree: Tree, names: Names, kind: Kind): void {
  const path = `${names.root}/README.md`;
  const text = tree.read(path, 'utf8') ?? '';
  if (!text.includes(TABLE_END) || !text.includes(FINDINGS_TITLE)) {
    throw new Error(
      `${path} has no table of findings: add "${FINDINGS_TITLE}" and, below it, a table between <!-- findings --> and ${TABLE_END}.`,
    );
  }
  const rows = FINDINGS[kind].map(rowOf).filter((row) => !isDocumented(text, row));
  const withRows = text.replace(new RegExp(`\\s*${TABLE_END}`), `\n${rows.join('\n')}\n\n${TABLE_END}`);
  tree.write(path, withRows.replace(FINDINGS_TITLE, `${LAYOUTS[kind](names)}\n${FINDINGS_TITLE}`));

  const samples = `${names.root}/samples/README.md`;
  const line = `\`${names.file}/\` is made up by the generator of \`${names.task}\`: put real data in its place.`;
  tree.write(samples, `${(tree.read(samples, 'utf8') ?? '# Samples\n').trimEnd()}\n\n${line}\n`);
}

function rowOf({ code, severity, meaning, fix }: FindingCode): string {
  return `| \`${code}\` | ${severity} | ${meaning} | ${fix.replaceAll('|', String.raw`\|`)} |`;
}

/** Whether the table has the row, however wide its columns are. */
function isDocumented(text: string, row: string): boolean {
  const narrow = (line: string) => line.replaceAll(/\s+/g, ' ').trim();
  return text.split('\n').map(narrow).includes(narrow(row));
}
