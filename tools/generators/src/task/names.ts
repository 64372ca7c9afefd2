import type { Tree } from '@nx/devkit';

export interface TaskOptions {
  format: string;
  task: string;
  kind: 'table' | 'files' | 'texts' | 'images';
  skipInstall: boolean;
}

/** The names that the generated files use. */
export interface Names {
  /** `point-clouds`; the folder below `plugins/`. */
  format: string;
  /** `@tracebloc/ingestor-plugin-point-clouds`. */
  packageName: string;
  /** Path of the plugin's folder in the workspace. */
  root: string;
  /** `cloud_labels`. */
  task: string;
  /** `cloudLabels`. */
  variable: string;
  /** `CloudLabels`. */
  type: string;
  /** `cloud-labels`: the name of the task's source file and of its sample. */
  file: string;
  /** `Cloud labels`. */
  title: string;
}

const FORMAT = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const TASK = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
/** Words of one part that the generated files cannot use: words of the language, and what they call otherwise. */
const TAKEN = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static ' +
    'super switch this throw true try typeof var void while with yield arguments eval undefined ' +
    'index conformance detect records check convert findings'
  ).split(' '),
);
/** Leaves room for suffixes in the names of tables, which have at most 64 characters. */
const MAX_LENGTH = 50;

/** Returns the names of a new task. Throws an error that says what to do when they cannot be used. */
export function nameTask(tree: Tree, { format, task }: TaskOptions): Names {
  checkName('format', format, FORMAT, 'kebab-case, as in point-clouds', kebab(format));
  checkName('task', task, TASK, 'snake_case, as in audio_classification', snake(task));
  if (TAKEN.has(task)) throw new Error(`The task "${task}" has the name of something else in code. Add a word to it.`);
  const root = `plugins/${format}`;
  const [first = '', ...others] = task.split('_');
  const words = [first, ...others];
  const names: Names = {
    format,
    packageName: `@tracebloc/ingestor-plugin-${format}`,
    root,
    task,
    variable: first + others.map(capital).join(''),
    type: words.map(capital).join(''),
    file: words.join('-'),
    title: capital(words.join(' ')),
  };
  checkFree(tree, names);
  return names;
}

function checkName(what: string, name: string, form: RegExp, wanted: string, near: string): void {
  if (form.test(name) && name.length <= MAX_LENGTH) return;
  const hint = form.test(near) && near.length <= MAX_LENGTH ? ` Did you mean ${near}?` : '';
  throw new Error(
    `The ${what} "${name}" must be in ${wanted}, with at most ${MAX_LENGTH} letters from a to z and digits; the first is a letter.${hint}`,
  );
}

function checkFree(tree: Tree, { root, task, file }: Names): void {
  for (const plugin of tree.children('plugins')) {
    const sources = tree.children(`plugins/${plugin}/src`).filter((name) => name.endsWith('.ts'));
    const owner = sources.find((name) =>
      new RegExp(`\\bid: '${task}'`).test(tree.read(`plugins/${plugin}/src/${name}`, 'utf8') ?? ''),
    );
    if (owner) throw new Error(`The task ${task} exists, in plugins/${plugin}/src/${owner}. Choose another name.`);
  }
  for (const path of [`${root}/src/${file}.ts`, `${root}/samples/${file}`]) {
    if (tree.exists(path)) throw new Error(`${path} exists already. Choose another name for the task, or remove it.`);
  }
  if (tree.exists(root) && !tree.exists(`${root}/src/index.ts`)) {
    throw new Error(
      `${root} exists but has no src/index.ts, so it is not a plugin. Choose another name, or remove it.`,
    );
  }
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
const kebab = (name: string): string => wordsOf(name).join('-');
const snake = (name: string): string => wordsOf(name).join('_');
