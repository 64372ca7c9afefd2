import type { Tree } from '@nx/devkit';
import type { Names, TaskOptions } from './names.js';

type Kind = TaskOptions['kind'];

/** What differs between the sections of the kinds. */
interface Layout {
  /** What a row is, and where its files are. */
  rows: string;
  /** The beginning of the dataset's files. */
  example: string;
  /** The fields of the ingest.yaml that follow `intent`. */
  fields: string;
  /** Explains the task's options. */
  options?: string;
}

const LAYOUTS: Readonly<Record<Kind, Layout>> = {
  table: {
    rows: 'Each row is a record: its columns, and its class.',
    example: `train.csv          length,width,colour,kind
                   6.1,2.4,green,oak`,
    fields: `csv: train.csv
schema: { length: FLOAT, width: FLOAT, colour: VARCHAR(16) }
label: kind`,
  },
  files: {
    rows: 'Each row is a file: its `filename`, with or without extension, and its class. The files are in `files/` beside the manifest.',
    example: `labels.csv         filename,kind
files/a.txt        a,oak`,
    fields: `csv: labels.csv
label: kind`,
    options: '`spec.file_options.extension` is the one extension of the files; the default is `.txt`.',
  },
  images: {
    rows: `Each row is an image: its \`filename\`, with or without extension, and its label. The images are in \`images/\` beside the manifest.
\`masks/\` has a PNG for each, \`<name of the image>_mask.png\`, whose pixels are numbers of classes.`,
    example: `labels.csv         filename,kind
images/a.png       a,oak
masks/a_mask.png`,
    fields: `csv: labels.csv
label: kind
classes: [ground, leaf]`,
    options: `\`classes\` names the classes of the masks, in the order of their numbers. \`spec.file_options.extension\` is the one extension of the
images; the default is \`.png\`. All images have \`target_size\`, or \`spec.file_options.fit\` brings them and their masks to it.`,
  },
};

function section({ title, task }: Names, { rows, example, fields, options }: Layout): string {
  return `## ${title}

${rows}

\`\`\`
${example}
\`\`\`

\`\`\`yaml
apiVersion: tracebloc.io/v1
kind: IngestConfig
category: ${task}
table: ${task}_train
intent: train
${fields}
\`\`\`
${options === undefined ? '' : `\n${options}\n`}`;
}

const FINDINGS_TITLE = '## Findings';

/** Adds a task and its sample to the plugin's documentation. */
export function documentTask(tree: Tree, names: Names, kind: Kind): void {
  const path = `${names.root}/README.md`;
  const text = tree.read(path, 'utf8') ?? '';
  const at = text.includes(FINDINGS_TITLE) ? text.indexOf(FINDINGS_TITLE) : text.length;
  tree.write(path, `${text.slice(0, at).trimEnd()}\n\n${section(names, LAYOUTS[kind])}\n${text.slice(at)}`);

  const samples = `${names.root}/samples/README.md`;
  const line = `\`${names.file}/\` was made up by the generator of \`${names.task}\`: replace it with real data.`;
  tree.write(samples, `${(tree.read(samples, 'utf8') ?? '# Samples\n').trimEnd()}\n\n${line}\n`);
}
