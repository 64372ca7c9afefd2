import type { Box } from '@tracebloc/ingestor-images';
import type { AnnotatedObject, StoredImage } from './annotation.js';
import { encodeText } from './xml-text.js';

const FLAGS = ['truncated', 'difficult', 'occluded'] as const;

/**
 * Returns Pascal VOC for an annotation that was read from something else: what `Annotation.write` returns there. An object without
 * a box is left out.
 */
export function writeVoc(
  objects: readonly AnnotatedObject[],
  { filename, width, height, depth }: StoredImage,
  boxes: readonly (Box | undefined)[],
): Buffer {
  const lines = ['<annotation>', `\t<filename>${encodeText(filename)}</filename>`];
  lines.push('\t<size>', ...numbers({ width, height, depth }, '\t\t'), '\t</size>');
  for (const [index, object] of objects.entries()) {
    const box = boxes[index];
    if (!box || object.name === undefined) continue;
    const flags = FLAGS.flatMap((flag) =>
      object[flag] === undefined ? [] : numbers({ [flag]: object[flag] }, '\t\t'),
    );
    lines.push('\t<object>', `\t\t<name>${encodeText(object.name)}</name>`, ...flags);
    lines.push('\t\t<bndbox>', ...numbers({ ...box }, '\t\t\t'), '\t\t</bndbox>', '\t</object>');
  }
  return Buffer.from(`${lines.join('\n')}\n</annotation>\n`);
}

const numbers = (values: Readonly<Record<string, number>>, indent: string): string[] =>
  Object.entries(values).map(([name, value]) => `${indent}<${name}>${value}</${name}>`);
