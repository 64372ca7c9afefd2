import { type Tree, updateJson } from '@nx/devkit';
import type { Names } from './names.js';

/** Has `tsc -b` build the plugin. */
export function addReference(tree: Tree, root: string): void {
  updateJson<{ references: { path: string }[] }>(tree, 'tsconfig.json', (config) => {
    const isApp = ({ path }: { path: string }) => path.startsWith('apps/');
    const [apps, others] = [config.references.filter(isApp), config.references.filter((one) => !isApp(one))];
    return { ...config, references: [...others, { path: root }, ...apps] };
  });
}

const TASKS = /(export const tasks\b[^=]*=\s*\[)([^\]]*)\]/;
const EXPORTS = /export \{([^}]*)\};/;

/** Adds the task to those that the plugin's index.ts exports as `tasks`. */
export function addTask(tree: Tree, { root, variable, file }: Names): void {
  const path = `${root}/src/index.ts`;
  const text = tree.read(path, 'utf8') ?? '';
  if (!TASKS.test(text)) {
    throw new Error(`${path} has no list \`export const tasks = [...]\` to add ${variable} to. Write one first.`);
  }
  const listed = text.replace(TASKS, (_, start: string, tasks: string) => `${start}${append(tasks, variable)}]`);
  const exported = EXPORTS.test(listed)
    ? listed.replace(EXPORTS, (_, names: string) => `export { ${append(names, variable)} };`)
    : `${listed}\nexport { ${variable} };\n`;
  tree.write(path, `import { ${variable} } from './${file}.js';\n${exported}`);
}

function append(list: string, name: string): string {
  const names = list.split(',').map((one) => one.trim());
  return [...names.filter((one) => one !== ''), name].join(', ');
}
