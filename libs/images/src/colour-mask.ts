import type { Report } from '@tracebloc/ingestor-contract';
import { reportMask } from './findings.js';
import { runImage } from './image.js';
import type { ImageSource } from './source.js';

/** The width and height to which a picture is reduced, each pixel one of the picture's, before its colours are counted. */
const MAX_SIDE = 1024;
/** More colours are those of a photo, or of edges that were smoothed. */
const MAX_COLOURS = 64;
/** The most colours that a finding lists. */
const MAX_LISTED = 8;

const FIXES = {
  alpha: 'Remove the alpha channel',
  grey: 'Save the mask in grey, for example in Python with `Image.open(path).convert("L").save(path)`',
  colours:
    'Write the number of its class in place of each colour, and save the mask in grey: the tool that drew it may export "class indices" or a "palette"',
  many: 'Export the mask again without smoothing, as class indices: it has more colours than classes, as photos and smoothed edges have',
} as const;

/**
 * Reports a PNG that has colours or an alpha channel, with a fix for what it has: channels that are all alike hold the indices
 * already; of a few colours each is a class. Only masks whose finding is shown are decoded.
 */
export async function reportColours(source: ImageSource, shown: string, report: Report): Promise<void> {
  const place = { file: shown, expected: 'a palette or grey without alpha' };
  const plain = 'The pixels of the mask are colours, or have an alpha channel.';
  if (report.isFull('not-a-mask')) {
    reportMask(report, 'not-a-mask', { message: plain, ...place });
    return;
  }
  const found = await runImage({ source, shown, format: 'png' }, report, async (pixels) => {
    const size = { width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true } as const;
    const scaled = pixels.resize({ ...size, kernel: 'nearest', fastShrinkOnLoad: false });
    return scaled.raw().toBuffer({ resolveWithObject: true });
  });
  // It does not decode, which has been reported.
  if (!found) return;
  const { channels } = found.info;
  const hasAlpha = channels === 2 || channels === 4;
  const colours = countColours(found.data, channels);
  const isGrey = colours.every(([colour]) => /^#(..)\1\1$/.test(colour));
  const kind = isGrey ? 'grey' : colours.length > MAX_COLOURS ? 'many' : 'colours';
  const fix =
    hasAlpha && isGrey && channels === 2 ? FIXES.alpha : `${hasAlpha ? `${FIXES.alpha}. ` : ''}${FIXES[kind]}`;
  const message = {
    grey: 'The mask has several channels, which are all alike.',
    colours: 'The mask is a picture in colours: its pixels are not numbers of classes.',
    many: `The mask is a picture of more than ${MAX_COLOURS} colours: its pixels are not numbers of classes.`,
  }[kind];
  const value =
    kind === 'colours'
      ? colours
          .slice(0, MAX_LISTED)
          .map(([colour]) => colour)
          .join(', ')
      : undefined;
  const more = kind === 'colours' && colours.length > MAX_LISTED ? `, and ${colours.length - MAX_LISTED} more` : '';
  reportMask(report, 'not-a-mask', { message, ...place, ...(value && { value: value + more }), fix: `${fix}.` });
}

/** Returns the colours as `#rrggbb`, the most common first; of many colours only one more than are told apart. */
function countColours(data: Buffer, channels: number): [colour: string, count: number][] {
  const counts = new Map<number, number>();
  const isColoured = channels >= 3;
  for (let at = 0; at + channels <= data.length; at += channels) {
    const red = data[at]!;
    const colour = isColoured ? (red << 16) | (data[at + 1]! << 8) | data[at + 2]! : red * 0x010101;
    const known = counts.get(colour);
    if (known !== undefined) counts.set(colour, known + 1);
    else if (counts.size <= MAX_COLOURS) counts.set(colour, 1);
  }
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
  return sorted.map(([colour, count]) => [`#${colour.toString(16).padStart(6, '0')}`, count]);
}
