/**
 * Draws the samples of plugins/object-detection: scenes of shapes, each with a Pascal VOC annotation. The same seed gives
 * the same scenes. The training manifest has a row for each object; the test manifest has a row for each image.
 *
 * Usage: node tools/samples/object-detection.ts
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { seededRandom } from '../random.ts';

const SIDE = 640;
const SEED = 20_240_611;
const SHAPES = ['circle', 'square', 'triangle', 'star'] as const;
const target = new URL('../../plugins/object-detection/samples/shapes/', import.meta.url).pathname;
const random = seededRandom(SEED);

interface Shape {
  name: (typeof SHAPES)[number];
  x: number;
  y: number;
  size: number;
  color: string;
}

for (const [part, count] of Object.entries({ train: 24, test: 8 })) {
  const scenes = Array.from({ length: count }, (_, index) => ({
    stem: `scene_${String(index + 1).padStart(2, '0')}`,
    objects: placeObjects(SHAPES[index % SHAPES.length]!),
  }));
  rmSync(join(target, part), { recursive: true, force: true });
  for (const folder of ['images', 'annotations']) mkdirSync(join(target, part, folder), { recursive: true });
  for (const { stem, objects } of scenes) {
    const image = sharp(Buffer.from(toSvg(objects)))
      .flatten()
      .jpeg({ quality: 80 });
    await image.toFile(join(target, part, 'images', `${stem}.jpg`));
    writeFileSync(join(target, part, 'annotations', `${stem}.xml`), toXml(`${stem}.jpg`, objects));
  }
  const rows = scenes.flatMap(({ stem, objects }) => {
    return (part === 'train' ? objects : objects.slice(0, 1)).map(({ name }) => `${stem}.jpg,${name}`);
  });
  writeFileSync(join(target, part, 'labels.csv'), ['filename,shape', ...rows, ''].join('\n'));
}

/** Returns one to five objects that do not overlap. The first has the given shape. */
function placeObjects(firstName: Shape['name']): Shape[] {
  const objects: Shape[] = [];
  const wanted = between(1, 5);
  for (let tries = 0; objects.length < wanted && tries < 100; tries++) {
    const size = between(60, 240);
    const [x, y] = [between(8, SIDE - size - 8), between(8, SIDE - size - 8)] as const;
    const isFree = objects.every((one) => {
      return x + size < one.x || one.x + one.size < x || y + size < one.y || one.y + one.size < y;
    });
    const name = objects.length === 0 ? firstName : SHAPES[between(0, SHAPES.length - 1)]!;
    if (isFree)
      objects.push({ name, x, y, size, color: `hsl(${between(0, 359)}, ${between(60, 95)}%, ${between(40, 65)}%)` });
  }
  return objects;
}

function toSvg(objects: readonly Shape[]): string {
  const hue = between(0, 359);
  const pattern = textures()[between(0, 2)]!;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">
    <defs>
      <linearGradient id="sky" gradientTransform="rotate(${between(0, 90)})">
        <stop offset="0" stop-color="hsl(${hue}, 25%, 85%)"/>
        <stop offset="1" stop-color="hsl(${(hue + 60) % 360}, 25%, 55%)"/>
      </linearGradient>
      <pattern id="texture" width="${between(64, 128)}" height="${between(64, 128)}" patternUnits="userSpaceOnUse">
        ${pattern}
      </pattern>
    </defs>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <rect width="100%" height="100%" fill="url(#texture)" opacity="0.12"/>
    ${objects.map(toShape).join('\n')}
  </svg>`;
}

function textures(): string[] {
  return [
    '<circle cx="32" cy="32" r="20" fill="#333"/>',
    '<path d="M0 0 L64 64 M64 0 L0 64" stroke="#333" stroke-width="6"/>',
    '<rect width="32" height="100%" fill="#333"/>',
  ];
}

/** Returns the SVG of a shape that touches all four sides of its box. */
function toShape({ name, x, y, size, color }: Shape): string {
  const half = size / 2;
  if (name === 'circle') return `<circle cx="${x + half}" cy="${y + half}" r="${half}" fill="${color}"/>`;
  if (name === 'square') return `<rect x="${x}" y="${y}" width="${size}" height="${size}" fill="${color}"/>`;
  const points: readonly (readonly [number, number])[] =
    name === 'triangle'
      ? [
          [half, 0],
          [size, size],
          [0, size],
        ]
      : starPoints(size);
  return `<polygon points="${points.map(([dx, dy]) => `${x + dx},${y + dy}`).join(' ')}" fill="${color}"/>`;
}

/** Returns the corners of a star with four points. */
function starPoints(size: number): [number, number][] {
  const half = size / 2;
  return Array.from({ length: 8 }, (_, index) => {
    const radius = index % 2 === 0 ? half : half * 0.4;
    const angle = (index * Math.PI) / 4;
    const rounded = (value: number) => Number(value.toFixed(1));
    return [rounded(half + radius * Math.sin(angle)), rounded(half - radius * Math.cos(angle))];
  });
}

function toXml(filename: string, objects: readonly Shape[]): string {
  const boxes = objects.map(
    ({ name, x, y, size }) => `	<object>
		<name>${name}</name>
		<pose>Unspecified</pose>
		<truncated>0</truncated>
		<difficult>0</difficult>
		<bndbox>
			<xmin>${x}</xmin>
			<ymin>${y}</ymin>
			<xmax>${x + size}</xmax>
			<ymax>${y + size}</ymax>
		</bndbox>
	</object>
`,
  );
  return `<annotation>
	<folder>images</folder>
	<filename>${filename}</filename>
	<size>
		<width>${SIDE}</width>
		<height>${SIDE}</height>
		<depth>3</depth>
	</size>
	<segmented>0</segmented>
${boxes.join('')}</annotation>
`;
}

function between(low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}
