import type { Tree } from '@nx/devkit';
import type { Names, TaskOptions } from './names.js';
import { drawPng } from './png.js';

/** The kinds of leaves, with their usual length and width in centimetres and their usual colour. */
const LEAVES = [
  { kind: 'oak', length: 11, width: 6, colour: 'green' },
  { kind: 'birch', length: 5, width: 4, colour: 'yellow' },
  { kind: 'willow', length: 9, width: 1.5, colour: 'silver' },
];
const ROWS = { train: 45, test: 15 };
const COLOURS = ['green', 'yellow', 'silver', 'brown'];

/** Width and height of the images, in pixels. */
const SIDE = 48;
const RGB: Readonly<Record<string, number[]>> = {
  green: [40, 120, 50],
  yellow: [220, 200, 60],
  silver: [180, 190, 180],
  red: [170, 60, 40],
  brown: [110, 80, 50],
};

interface Leaf {
  kind: string;
  length: string;
  width: string;
  colour: string;
}

/** Writes the data of a task's sample, which is the same for every task of a kind. */
export function writeSample(tree: Tree, { root, file }: Names, kind: TaskOptions['kind']): void {
  const random = seeded(7);
  const folder = `${root}/samples/${file}`;
  for (const intent of ['train', 'test'] as const) {
    const leaves = Array.from({ length: ROWS[intent] }, () => pick(random));
    if (kind === 'table') writeTable(tree, `${folder}/${intent}.csv`, leaves);
    else if (kind === 'files') writeFiles(tree, `${folder}/${intent}`, leaves);
    else writeImages(tree, `${folder}/${intent}`, leaves);
  }
}

function writeTable(tree: Tree, path: string, leaves: readonly Leaf[]): void {
  const rows = leaves.map(({ length, width, colour, kind }) => [length, width, colour, kind].join(','));
  tree.write(path, ['length,width,colour,kind', ...rows, ''].join('\n'));
}

function writeFiles(tree: Tree, folder: string, leaves: readonly Leaf[]): void {
  const rows = leaves.map(({ kind, length, width, colour }, index) => {
    const name = nameOf(index);
    tree.write(`${folder}/files/${name}.txt`, `A ${colour} leaf, ${length} cm long and ${width} cm wide.\n`);
    return `${name},${kind}`;
  });
  tree.write(`${folder}/labels.csv`, ['filename,kind', ...rows, ''].join('\n'));
}

/** Draws each leaf as an ellipse on the ground, with a mask of the leaf. */
function writeImages(tree: Tree, folder: string, leaves: readonly Leaf[]): void {
  const rows = leaves.map(({ kind, length, width, colour }, index) => {
    const isLeaf = (x: number, y: number) => {
      const [across, along] = [(x - SIDE / 2) / (2 * Number(width)), (y - SIDE / 2) / (2 * Number(length))];
      return across ** 2 + along ** 2 < 1;
    };
    const name = nameOf(index);
    const [ground, leaf] = [RGB.brown!, RGB[colour === 'brown' ? 'red' : colour]!];
    tree.write(
      `${folder}/images/${name}.png`,
      drawPng(SIDE, (x, y) => (isLeaf(x, y) ? leaf : ground)),
    );
    tree.write(
      `${folder}/masks/${name}_mask.png`,
      drawPng(SIDE, (x, y) => [isLeaf(x, y) ? 1 : 0]),
    );
    return `${name},${kind}`;
  });
  tree.write(`${folder}/labels.csv`, ['filename,kind', ...rows, ''].join('\n'));
}

const nameOf = (index: number): string => `leaf-${String(index + 1).padStart(2, '0')}`;

function pick(random: () => number): Leaf {
  const { kind, length, width, colour } = LEAVES[Math.floor(random() * LEAVES.length)]!;
  const about = (usual: number) => (usual * (0.8 + 0.4 * random())).toFixed(1);
  const odd = COLOURS[Math.floor(random() * COLOURS.length)]!;
  return { kind, length: about(length), width: about(width), colour: random() < 0.8 ? colour : odd };
}

/** Returns a generator of numbers from 0 to 1 that are the same each time (multiplicative, modulo 2^31 - 1). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
