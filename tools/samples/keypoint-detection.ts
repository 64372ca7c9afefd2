/**
 * Draws the sample of plugins/keypoint-detection: stick figures with seven points each, as JPEGs of 256x256, always the same. Some
 * stand side by side, and some behind a box, which hides their lower points.
 *
 * Usage: node tools/samples/keypoint-detection.ts
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { seededRandom } from '../random.ts';

const target = new URL('../../plugins/keypoint-detection/samples/figures/', import.meta.url).pathname;
const SIZE = 256;
const random = seededRandom(16);
const between = (least: number, most: number) => least + random() * (most - least);
const rounded = (value: number) => Math.round(value * 10) / 10;

type Point = readonly [x: number, y: number];
type Points = Record<'head' | 'neck' | 'hip' | 'left_hand' | 'right_hand' | 'left_foot' | 'right_foot', Point>;

/** The angles of both arms and both legs of each pose, in degrees from straight down, and how much they vary. */
const POSES: Record<string, { limbs: readonly [number, number, number, number]; vary: number }> = {
  standing: { limbs: [18, -18, 10, -10], vary: 7 },
  waving: { limbs: [155, -20, 10, -10], vary: 12 },
  running: { limbs: [65, -60, 45, -40], vary: 14 },
};

for (const [intent, perPose] of Object.entries({ train: 8, test: 3 })) {
  const folder = join(target, intent);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'images'), { recursive: true });
  const rows = ['filename,Annotation,Visibility,pose'];
  let count = 0;
  for (let index = 0; index < perPose; index++) {
    for (const pose of Object.keys(POSES)) {
      const stem = `figure_${String(++count).padStart(2, '0')}`;
      const others = Object.keys(POSES).filter((one) => one !== pose);
      const poses = count % 4 === 0 ? [pose, others[count % 2]!] : [pose];
      const hasBox = count % 5 === 0;
      const top = hasBox ? between(150, 180) : SIZE;
      const figures = poses.map((name, at) => ({
        name,
        points: figure(name, (SIZE * (2 * at + 1)) / (2 * poses.length) + between(-15, 15)),
      }));
      const drawn = figures.map(({ points }) => draw(points)).join('');
      const box = hasBox
        ? `<rect x="0" y="${top}" width="${SIZE}" height="${SIZE - top}" fill="hsl(30,35%,45%)"/>`
        : '';
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}">${ground()}${drawn}${box}</svg>`;
      await sharp(Buffer.from(svg))
        .flatten()
        .jpeg({ quality: 80 })
        .toFile(join(folder, 'images', `${stem}.jpg`));
      for (const { name, points } of figures) {
        const seen = Object.entries(points).map(([point, [, y]]) => [point, Number(y < top)] as const);
        rows.push([stem, cell(points), cell(Object.fromEntries(seen)), name].join());
      }
    }
  }
  writeFileSync(join(folder, 'points.csv'), [...rows, ''].join('\n'));
}

function cell(value: object): string {
  return `"${JSON.stringify(value).replaceAll('"', '""')}"`;
}

function figure(pose: string, x: number): Points {
  const { limbs, vary } = POSES[pose]!;
  const height = between(46, 58);
  const hip: Point = [rounded(x), rounded(between(140, 160))];
  const lean = between(-8, 8);
  const neck = away(hip, 180 + lean, height);
  const [leftArm, rightArm, leftLeg, rightLeg] = limbs.map((angle) => angle + between(-vary, vary)) as [
    number,
    number,
    number,
    number,
  ];
  return {
    head: away(neck, 180 + lean + between(-10, 10), height * 0.4),
    neck,
    hip,
    left_hand: away(neck, leftArm, height * 0.9),
    right_hand: away(neck, rightArm, height * 0.9),
    left_foot: away(hip, leftLeg, height * 1.2),
    right_foot: away(hip, rightLeg, height * 1.2),
  };
}

/** Returns the point at a distance in a direction, in degrees from straight down to the right. */
function away([x, y]: Point, degrees: number, distance: number): Point {
  const angle = (degrees * Math.PI) / 180;
  return [rounded(x + Math.sin(angle) * distance), rounded(y + Math.cos(angle) * distance)];
}

function draw({ head, neck, hip, left_hand, right_hand, left_foot, right_foot }: Points): string {
  const line = ([x, y]: Point, [toX, toY]: Point) => `<path d="M${x} ${y}L${toX} ${toY}"/>`;
  const colour = `hsl(${Math.floor(between(0, 360))},55%,${Math.floor(between(25, 45))}%)`;
  const lines = [
    line(neck, hip),
    line(neck, left_hand),
    line(neck, right_hand),
    line(hip, left_foot),
    line(hip, right_foot),
  ];
  return (
    `<g stroke="${colour}" stroke-width="7" stroke-linecap="round">${lines.join('')}${line(head, neck)}</g>` +
    `<circle cx="${head[0]}" cy="${head[1]}" r="13" fill="${colour}"/>`
  );
}

function ground(): string {
  const hue = between(60, 240);
  return (
    `<rect width="${SIZE}" height="${SIZE}" fill="hsl(${hue},30%,88%)"/>` +
    `<rect y="205" width="${SIZE}" height="51" fill="hsl(${hue - 30},25%,70%)"/>`
  );
}
