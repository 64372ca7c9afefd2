import { type Tree, updateJson } from '@nx/devkit';
import type { Names } from './names.js';

/** Adds the plugin to what `tsc -b` builds. */
export function addReference(tree: Tree, root: string): void {
  updateJson<{ references: { path: string }[] }>(tree, 'tsconfig.json', (config) => {
    const { references } = config;
    // Before the programs that use it; the others stay where they are.
    const at = references.findIndex(({ path }) => path.startsWith('apps/'));
    return { ...config, references: references.toSpliced(at < 0 ? references.length : at, 0, { path: root }) };
  });
}

/** Adds libraries of this workspace to a plugin's dependencies and to what `tsc -b` builds before it. */
export function addDependencies(tree: Tree, root: string, libraries: readonly string[], version: string): void {
  if (libraries.length === 0) return;
  updateJson<{ dependencies?: Record<string, string> }>(tree, `${root}/package.json`, (manifest) => {
    const added = libraries.map((name) => [`@tracebloc/ingestor-${name}`, version] as const);
    return { ...manifest, dependencies: { ...manifest.dependencies, ...Object.fromEntries(added) } };
  });
  updateJson<{ references: { path: string }[] }>(tree, `${root}/tsconfig.json`, (config) => {
    const paths = new Set(config.references.map(({ path }) => path));
    for (const name of libraries) paths.add(`../../libs/${name}`);
    return { ...config, references: [...paths].map((path) => ({ path })) };
  });
}

const TASKS = /(defineFormat\(\{[^]*?tasks: \[)([^\]]*)\]/;

/** Adds the task to those that the plugin's index.ts defines. */
export function addTask(tree: Tree, { root, variable, file }: Names): void {
  const path = `${root}/src/index.ts`;
  const text = tree.read(path, 'utf8') ?? '';
  if (!TASKS.test(text)) {
    throw new Error(
      `${path} does not call \`defineFormat({ ..., tasks: [...] })\`, to which ${variable} would be added. Add the call first.`,
    );
  }
  const listed = text.replace(TASKS, (_, start: string, tasks: string) => `${start}${append(tasks, variable)}]`);
  // After the last import; at least `defineFormat` is imported.
  const end = listed.lastIndexOf('\nimport ');
  const at = listed.indexOf('\n', end + 1) + 1;
  tree.write(path, `${listed.slice(0, at)}import { ${variable} } from './${file}.js';\n${listed.slice(at)}`);
}

function append(list: string, name: string): string {
  const names = list.split(',').map((one) => one.trim());
  return [...names.filter((one) => one !== ''), name].join(', ');
}
