import type { Tree } from '@nx/devkit';
import type { Names, TaskOptions } from './names.js';

type Kind = TaskOptions['kind'];

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

\`spec.file_options.extension\` is the one extension of the files; the default is \`.txt\`.
`,
  images: ({ title, task }) => `## ${title}

One row an image: its \`filename\`, with or without extension, and its label. The images lie in \`images/\` beside the manifest.
\`masks/\` holds a PNG for each, under the same name, whose pixels are numbers of classes.

\`\`\`
labels.csv         filename,kind
images/a.png       a,oak
masks/a.png
\`\`\`

\`\`\`yaml
apiVersion: tracebloc.io/v1
kind: IngestConfig
category: ${task}
table: ${task}_train
intent: train
csv: labels.csv
label: kind
classes: [ground, leaf]
\`\`\`

\`classes\` names the classes of the masks, in the order of their numbers. \`spec.file_options.extension\` is the one extension of the
images; the default is \`.png\`.
`,
};

const FINDINGS_TITLE = '## Findings';

/** Adds a task and its sample to the plugin's documentation. */
export function documentTask(tree: Tree, names: Names, kind: Kind): void {
  const path = `${names.root}/README.md`;
  const text = tree.read(path, 'utf8') ?? '';
  const at = text.includes(FINDINGS_TITLE) ? text.indexOf(FINDINGS_TITLE) : text.length;
  tree.write(path, `${text.slice(0, at).trimEnd()}\n\n${LAYOUTS[kind](names)}\n${text.slice(at)}`);

  const samples = `${names.root}/samples/README.md`;
  const line = `\`${names.file}/\` is made up by the generator of \`${names.task}\`: put real data in its place.`;
  tree.write(samples, `${(tree.read(samples, 'utf8') ?? '# Samples\n').trimEnd()}\n\n${line}\n`);
}
