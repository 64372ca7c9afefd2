import { fileURLToPath } from 'node:url';
import {
  type GeneratorCallback,
  type Tree,
  formatFiles,
  generateFiles,
  installPackagesTask,
  logger,
  readJson,
} from '@nx/devkit';
import { type Names, type TaskOptions, nameTask } from './names.js';
import { documentTask } from './readme.js';
import { addDependencies, addReference, addTask } from './register.js';
import { writeSample } from './sample.js';

/** The libraries of this workspace that a task of each kind needs in addition to those of every plugin. */
const DEPENDENCIES: Readonly<Record<TaskOptions['kind'], readonly string[]>> = {
  table: [],
  files: [],
  texts: [],
  images: ['images'],
};

/** Makes a plugin with a task, or adds a task to a plugin. The task compiles, conforms and ingests its sample as it is. */
export default async function generateTask(tree: Tree, options: TaskOptions): Promise<GeneratorCallback> {
  const names = nameTask(tree, options);
  const { version } = readJson<{ version: string }>(tree, 'libs/contract/package.json');
  const isNew = !tree.exists(names.root);
  const write = (template: string) =>
    generateFiles(tree, fileURLToPath(new URL(`../../templates/${template}`, import.meta.url)), names.root, {
      ...names,
      version,
    });
  if (isNew) {
    write('plugin');
    addReference(tree, names.root);
  }
  write(options.kind);
  addDependencies(tree, names.root, DEPENDENCIES[options.kind], version);
  writeSample(tree, names, options.kind);
  addTask(tree, names);
  documentTask(tree, names, options.kind);
  await formatFiles(tree);

  return () => {
    // The installation links the new package, so that the host and the tests find it.
    if (isNew && !options.skipInstall) installPackagesTask(tree, true);
    logger.info(nextSteps(names, isNew && options.skipInstall));
  };
}

function nextSteps({ root, file }: Names, needsInstall: boolean): string {
  const steps = [
    ...(needsInstall ? ['npm install                                # links the new package'] : []),
    `npx tsc -b ${root} apps/ingestor`,
    `npm test --workspace ${root}`,
    `CLIENT_ENV=local STORAGE_PATH=/tmp/try npx ingestor ingest ${root}/samples/${file}/train.yaml`,
    'npm run docs                               # adds the task to docs/',
  ];
  return [
    '',
    'Next:',
    ...steps.map((step) => `  ${step}`),
    `Then make it yours: ${root}/src/${file}.ts. See docs/new-task.md.`,
  ].join('\n');
}
