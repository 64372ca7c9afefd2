import { describe, it } from '@jest/globals';
import { createReport } from '@tracebloc/ingestor-dataset';
import { expectLinear } from '@tracebloc/ingestor-testing';
import { readVoc } from './voc.js';
import { XmlError, parseXml } from './xml.js';

const box = '<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox>';

/** Reads, checks and writes an annotation. Ignores that a text is not XML. */
function read(inside: string): void {
  try {
    const root = parseXml(`<annotation>${inside}</annotation>`);
    readVoc(root, 'a.xml', ['a.jpg'], createReport());
    root.toXml();
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
  }
}

describe('the time for an annotation grows in proportion to its size, with', () => {
  it.each<[string, (size: number) => string]>([
    ['objects without anything', (size) => '<object/>'.repeat(size)],
    ['objects without anything, each on its line', (size) => '\n<object/>'.repeat(size)],
    ['bad flags', (size) => `<object><name>a</name>${box}<difficult>x</difficult></object>\n`.repeat(size / 4)],
    ['bad coordinates', (size) => `<object><name>a</name>${box.replaceAll('1', 'x')}</object>\n`.repeat(size / 4)],
    ['parts of one object', (size) => `<object>${'<part/>\n'.repeat(size)}</object>`],
    ['one element many times', (size) => `<object>${'<name>a</name>\n'.repeat(size)}</object>`],
    ['texts and elements in turn', (size) => `<object>${'x<name/>'.repeat(size)}</object>`],
    ['attributes', (size) => `<object ${Array.from({ length: size }, (_, i) => `a${i}="1"`).join(' ')}/>`],
    ['one attribute', (size) => `<object a="${'x'.repeat(16 * size)}"/>`],
    ['references', (size) => '&#65;&amp;'.repeat(size)],
    ['references without an end', (size) => '&#65'.repeat(size)],
    ['comments', (size) => '<!-- x -->'.repeat(size)],
    ['CDATA', (size) => '<![CDATA[x]]>'.repeat(size)],
    ['CDATA without an end', (size) => '<![CDATA['.repeat(size)],
    ['instructions', (size) => '<?x y?>'.repeat(size)],
    ['elements without an end', (size) => '<a>'.repeat(size)],
    ['beginnings of elements', (size) => '<a '.repeat(size)],
    ['line ends', (size) => '\n\r'.repeat(16 * size)],
  ])('%s', async (_name, input) => {
    await expectLinear({ size: 2000, input, work: read });
  });
});
