/**
 * Draws the sample of plugins/image-classification: skies with a sun, clouds or rain, as JPEGs of 256x256, always the same.
 *
 * Usage: node tools/samples/image-classification.ts
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { seededRandom } from '../random.ts';

const target = new URL('../../plugins/image-classification/samples/sky/', import.meta.url).pathname;
const SIZE = 256;
const random = seededRandom(7);
const between = (least: number, most: number) => least + random() * (most - least);

const CLASSES = {
  clear: () => sky(205, 80) + sun(between(60, 196), between(50, 120), between(22, 38)) + hills(),
  cloudy: () => sky(210, 65) + times(3 + Math.floor(random() * 3), () => cloud(between(75, 92))) + hills(),
  rain: () => sky(215, 45) + cloud(55) + cloud(48) + times(60, drop) + hills(),
};

for (const [intent, perClass] of Object.entries({ train: 10, test: 4 })) {
  const folder = join(target, intent);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'images'), { recursive: true });
  const rows: string[] = [];
  for (let index = 0; index < perClass; index++) {
    for (const [label, draw] of Object.entries(CLASSES)) {
      const stem = `sky_${String(rows.length + 1).padStart(3, '0')}`;
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}">${draw()}</svg>`;
      await sharp(Buffer.from(svg))
        .flatten()
        .jpeg({ quality: 80 })
        .toFile(join(folder, 'images', `${stem}.jpeg`));
      rows.push(`${stem},${label}`);
    }
  }
  writeFileSync(join(folder, 'labels.csv'), ['filename,weather', ...rows, ''].join('\n'));
}

function sky(hue: number, lightness: number): string {
  const shift = between(-12, 12);
  return (
    `<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="hsl(${hue + shift},60%,${lightness - 20}%)"/>` +
    `<stop offset="1" stop-color="hsl(${hue + shift},50%,${lightness + 8}%)"/></linearGradient></defs>` +
    `<rect width="${SIZE}" height="${SIZE}" fill="url(#sky)"/>`
  );
}

function sun(x: number, y: number, radius: number): string {
  return (
    `<circle cx="${x}" cy="${y}" r="${radius * 1.6}" fill="#fff3b0" opacity="0.5"/>` +
    `<circle cx="${x}" cy="${y}" r="${radius}" fill="#ffd23f"/>`
  );
}

function cloud(lightness: number): string {
  const [x, y, scale] = [between(20, 190), between(30, 110), between(0.7, 1.3)] as const;
  const puff = (dx: number, dy: number, radius: number) =>
    `<circle cx="${x + dx * scale}" cy="${y + dy * scale}" r="${radius * scale}"/>`;
  return `<g fill="hsl(210,15%,${lightness}%)">${puff(0, 0, 22)}${puff(24, -10, 26)}${puff(50, 0, 22)}${puff(25, 8, 24)}</g>`;
}

function drop(): string {
  const [x, y] = [between(0, SIZE), between(70, 200)] as const;
  return `<path d="M${x} ${y}l-4 16" stroke="#dbe9f6" stroke-width="1.6" opacity="0.8"/>`;
}

function hills(): string {
  const [left, right, hue] = [between(190, 225), between(190, 225), between(90, 140)] as const;
  return `<path d="M0 ${left}Q64 ${left - 30} 128 ${(left + right) / 2}T256 ${right}V256H0Z" fill="hsl(${hue},35%,38%)"/>`;
}

function times(count: number, draw: () => string): string {
  return Array.from({ length: count }, draw).join('');
}
