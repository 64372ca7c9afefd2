/**
 * Draws the samples of plugins/semantic-segmentation: plants in pots before different walls, each with a mask of its pixels: pot,
 * stem, leaf, flower. The same seed gives the same scenes. The training images are of one size, in a mask with a palette; those of
 * the test have several sizes, and the edges of their objects are 255, which is ignored.
 *
 * Usage: node tools/samples/semantic-segmentation.ts
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { seededRandom } from '../random.ts';

const CLASSES = ['background', 'pot', 'stem', 'leaf', 'flower'] as const;
const PALETTE = ['000000', 'c0602f', '8a9a2f', '2f8a3a', 'f0c020'] as const;
const EDGE = 255;
const KINDS = ['fern', 'daisy', 'bush'] as const;
const SIDE = 256;
const target = new URL('../../plugins/semantic-segmentation/samples/plants/', import.meta.url).pathname;
const random = seededRandom(20_261_129);

/** A closed outline of a class, filled with a colour. Later ones are in front. */
interface Part {
  value: number;
  path: string;
  fill: string;
}

rmSync(target, { recursive: true, force: true });
for (const [intent, count] of Object.entries({ train: 24, test: 8 })) {
  for (const folder of ['images', 'masks']) mkdirSync(join(target, intent, folder), { recursive: true });
  const rows = ['filename,mask_id,kind'];
  for (let index = 0; index < count; index++) {
    const kind = KINDS[index % KINDS.length]!;
    const stem = `${kind}_${String(index + 1).padStart(2, '0')}`;
    const [width, height] = intent === 'train' ? [SIDE, SIDE] : [SIDE + 32 * (index % 3), SIDE - 32 * (index % 2)];
    const parts = plant(kind, width, height);
    const picture = svg(
      width,
      height,
      wall() + parts.map(({ path, fill }) => `<path d="${path}" fill="${fill}"/>`).join(''),
    );
    await sharp(Buffer.from(picture))
      .flatten()
      .jpeg({ quality: 85 })
      .toFile(join(target, intent, 'images', `${stem}.jpg`));
    const values = await draw(parts, width, height, intent === 'test');
    const mask = encodePng(values, width, height, intent === 'train' ? PALETTE : undefined);
    writeFileSync(join(target, intent, 'masks', `${stem}_mask.png`), mask);
    rows.push(`${stem}.jpg,${stem}_mask.png,${kind}`);
  }
  writeFileSync(join(target, intent, 'labels.csv'), `${rows.join('\n')}\n`);
  writeFileSync(join(target, `${intent}.yaml`), config(intent));
}

function config(intent: string): string {
  const fields = [
    'apiVersion: tracebloc.io/v1',
    'kind: IngestConfig',
    'category: semantic_segmentation',
    `table: plants_${intent}`,
    `intent: ${intent}`,
    `csv: ${intent}/labels.csv`,
    `images: ${intent}/images`,
    `masks: ${intent}/masks`,
    'label: kind',
    `classes: [${CLASSES.join(', ')}]`,
    `target_size: [${SIDE}, ${SIDE}]`,
    ...(intent === 'test' ? [`ignore: ${EDGE}`, 'spec: { file_options: { fit: contain } }'] : []),
  ];
  return `${fields.join('\n')}\n`;
}

function plant(kind: (typeof KINDS)[number], width: number, height: number): Part[] {
  const [middle, ground] = [width / 2 + between(-24, 24), height - between(8, 20)];
  const [wide, tall] = [between(56, 88), between(44, 64)];
  const rim = ground - tall;
  const pot = `M${middle - wide / 2} ${rim} H${middle + wide / 2} L${middle + wide / 3} ${ground} H${middle - wide / 3} Z`;
  const green = () => `hsl(${between(80, 150)}, ${between(35, 75)}%, ${between(25, 45)}%)`;
  const stems: Part[] = [];
  const leaves: Part[] = [];
  const flowers: Part[] = [];
  for (let count = kind === 'daisy' ? between(2, 4) : between(5, 8); count > 0; count--) {
    const [x, y] = [middle + between(-70, 70), rim - between(40, Math.max(60, rim - 30))];
    const bend = between(-20, 20);
    stems.push({
      value: 2,
      path: `M${middle - 3} ${rim + 2} Q${middle + bend} ${(rim + y) / 2} ${x - 2} ${y} L${x + 2} ${y} Q${middle + bend + 6} ${(rim + y) / 2} ${middle + 3} ${rim + 2} Z`,
      fill: green(),
    });
    for (let pairs = kind === 'daisy' ? 1 : between(2, 4); pairs > 0; pairs--) {
      const at = 0.25 + random() * 0.7;
      const [lx, ly] = [middle + (x - middle) * at, rim + (y - rim) * at];
      leaves.push({ value: 3, path: leaf(lx, ly, between(14, 34), random() * 360), fill: green() });
    }
    if (kind !== 'fern') flowers.push({ value: 4, path: star(x, y, between(9, 20), between(5, 9)), fill: hue(85, 60) });
  }
  const clay = `hsl(${between(8, 28)}, ${between(40, 65)}%, ${between(35, 55)}%)`;
  return [...stems, ...leaves, { value: 1, path: pot, fill: clay }, ...flowers];
}

function leaf(x: number, y: number, length: number, degrees: number): string {
  const at = (along: number, beside: number) => {
    const angle = (degrees * Math.PI) / 180;
    const [dx, dy] = [
      along * Math.cos(angle) - beside * Math.sin(angle),
      along * Math.sin(angle) + beside * Math.cos(angle),
    ];
    return `${(x + dx).toFixed(1)} ${(y + dy).toFixed(1)}`;
  };
  return `M${at(0, 0)} Q${at(length / 2, length / 3)} ${at(length, 0)} Q${at(length / 2, -length / 3)} ${at(0, 0)} Z`;
}

function star(x: number, y: number, radius: number, petals: number): string {
  const corners = Array.from({ length: 2 * petals }, (_, index) => {
    const [own, angle] = [index % 2 === 0 ? radius : radius * 0.5, (index * Math.PI) / petals];
    return `${(x + own * Math.sin(angle)).toFixed(1)} ${(y - own * Math.cos(angle)).toFixed(1)}`;
  });
  return `M${corners.join(' L')} Z`;
}

function wall(): string {
  const [from, to] = [hue(20, 88), hue(25, 62)];
  const tile = between(24, 60);
  const line = `<pattern id="w" width="${tile}" height="${tile}" patternUnits="userSpaceOnUse" patternTransform="rotate(${between(0, 60)})"><rect width="100%" height="${between(2, 12)}" fill="#555"/></pattern>`;
  return `<defs><linearGradient id="g" gradientTransform="rotate(${between(0, 90)})"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>${line}</defs><rect width="100%" height="100%" fill="url(#g)"/><rect width="100%" height="100%" fill="url(#w)" opacity="0.12"/>`;
}

/** Returns the value of each pixel: that of the part in front. A pixel that is only partly covered is an edge. */
async function draw(parts: readonly Part[], width: number, height: number, hasEdges: boolean): Promise<Uint8Array> {
  const values = new Uint8Array(width * height);
  for (const { value, path } of parts) {
    const picture = svg(width, height, `<rect width="100%" height="100%" fill="#000"/><path d="${path}" fill="#fff"/>`);
    const covered = await sharp(Buffer.from(picture)).extractChannel(0).raw().toBuffer();
    for (let at = 0; at < values.length; at++) {
      if (covered[at]! >= (hasEdges ? 250 : 128)) values[at] = value;
      else if (hasEdges && covered[at]! > 5) values[at] = EDGE;
    }
  }
  return values;
}

/** Returns a PNG in grey of 8 bits, or with the colours of a palette for its values. */
function encodePng(values: Uint8Array, width: number, height: number, palette?: readonly string[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, palette ? 3 : 0], 8);
  const rows = Array.from({ length: height }, (_, y) => [
    Buffer.from([0]),
    values.subarray(y * width, (y + 1) * width),
  ]);
  const colours = palette?.map((colour) => Buffer.from(colour, 'hex'));
  const chunks: [string, Uint8Array][] = [
    ['IHDR', header],
    ...(colours ? [['PLTE', Buffer.concat(colours)] as [string, Uint8Array]] : []),
    ['IDAT', deflateSync(Buffer.concat(rows.flat()), { level: 9 })],
    ['IEND', Buffer.alloc(0)],
  ];
  const framed = chunks.map(([type, data]) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    checksum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, checksum]);
  });
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...framed]);
}

function svg(width: number, height: number, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;
}

function hue(saturation: number, lightness: number): string {
  return `hsl(${between(0, 359)}, ${saturation}%, ${lightness}%)`;
}

function between(low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}
