import type { Tree } from '@nx/devkit';
import type { Names, TaskOptions } from './names.js';

/** Leaves, by their kind: usual length and width in centimetres, and usual colour. */
const LEAVES = [
  { kind: 'oak', length: 11, width: 6, colour: 'green' },
  { kind: 'birch', length: 5, width: 4, colour: 'yellow' },
  { kind: 'willow', length: 9, width: 1.5, colour: 'silver' },
];
const ROWS = { train: 45, test: 15 };
const COLOURS = ['green', 'yellow', 'silver', 'brown'];

interface Leaf {
  kind: string;
  length: string;
  width: string;
  colour: string;
}

/** Writes the data of a task's sample: the same for every task of a kind. */
export function writeSample(tree: Tree, { root, file }: Names, kind: TaskOptions['kind']): void {
  const random = seeded(7);
  const folder = `${root}/samples/${file}`;
  for (const intent of ['train', 'test'] as const) {
    const leaves = Array.from({ length: ROWS[intent] }, () => pick(random));
    if (kind === 'table') writeTable(tree, `${folder}/${intent}.csv`, leaves);
    else writeFiles(tree, `${folder}/${intent}`, leaves);
  }
}

function writeTable(tree: Tree, path: string, leaves: readonly Leaf[]): void {
  const rows = leaves.map(({ length, width, colour, kind }) => [length, width, colour, kind].join(','));
  tree.write(path, ['length,width,colour,kind', ...rows, ''].join('\n'));
}

function writeFiles(tree: Tree, folder: string, leaves: readonly Leaf[]): void {
  const rows = leaves.map(({ kind, length, width, colour }, index) => {
    const name = `leaf-${String(index + 1).padStart(2, '0')}`;
    tree.write(`${folder}/files/${name}.txt`, `A ${colour} leaf, ${length} cm long and ${width} cm wide.\n`);
    return `${name},${kind}`;
  });
  tree.write(`${folder}/labels.csv`, ['filename,kind', ...rows, ''].join('\n'));
}

function pick(random: () => number): Leaf {
  const { kind, length, width, colour } = LEAVES[Math.floor(random() * LEAVES.length)]!;
  const about = (usual: number) => (usual * (0.8 + 0.4 * random())).toFixed(1);
  const odd = COLOURS[Math.floor(random() * COLOURS.length)]!;
  return { kind, length: about(length), width: about(width), colour: random() < 0.8 ? colour : odd };
}

/** Numbers from 0 to 1 that are the same each time (a multiplicative generator modulo 2^31 - 1). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
