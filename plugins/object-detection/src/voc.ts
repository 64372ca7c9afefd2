import type { Report } from '@tracebloc/ingestor-contract';
import type { Box } from '@tracebloc/ingestor-images';
import type { AnnotatedObject, Annotation, StatedSize, StoredImage } from './annotation.js';
import { type DetectionFindingCode, detectionFindings } from './findings.js';
import type { XmlElement } from './xml.js';

const FLAGS = ['difficult', 'truncated', 'occluded'] as const;
/** The flags of which some programs write degrees: 2 and more. */
const DEGREES: readonly string[] = ['difficult', 'occluded'];
const SIDES = ['width', 'height', 'depth'];
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** Elements of an object that hold coordinates which are not resized. */
const OTHER_SHAPES = ['polygon', 'segmentation', 'point', 'keypoints', 'mask', 'robndbox'];

/**
 * Reads an annotation of Pascal VOC, without its image, and reports everything that is wrong. If something is, the result serves
 * only further checks; it is undefined if these would be pointless.
 * @param file the annotation's name as findings show it
 * @param imageNames the names that its image has and may have, without folder: the file's, and that under which it is stored
 */
export function readVoc(
  root: XmlElement,
  file: string,
  imageNames: readonly string[],
  report: Report,
): Annotation | undefined {
  return new VocReading(file, report).read(root, imageNames);
}

class VocReading {
  readonly #objects: AnnotatedObject[] = [];
  /** The elements of the boxes, and of the objects or parts that hold them, as in `#objects`. */
  readonly #elements: { box: XmlElement; parent: XmlElement; holder: XmlElement }[] = [];

  constructor(
    private readonly file: string,
    private readonly report: Report,
  ) {}

  read(root: XmlElement, imageNames: readonly string[]): Annotation | undefined {
    if (root.name !== 'annotation') {
      this.#report('wrong-root', 'The root element is not `annotation`.', root, 'annotation', root.name);
      return undefined;
    }
    this.#checkFilename(root, imageNames);
    const size = this.#readSize(root);
    const objects = root.children('object');
    if (objects.length === 0) this.#report('no-object', 'The annotation has no object.', root);
    for (const object of objects) {
      this.#checkOtherShapes(object);
      for (const part of object.children('part')) this.#readObject(part, object, 'part');
      this.#readObject(object, root, 'object');
    }
    if (!size) return undefined;
    return {
      shown: this.file,
      size: size.stated,
      objects: this.#objects,
      write: (image, boxes) => this.#write(root, size.element, image, boxes),
    };
  }

  #checkFilename(root: XmlElement, imageNames: readonly string[]): void {
    const element = this.#find(root, 'filename');
    if (element && imageNames.includes(element.text)) return;
    const message = element ? 'The filename is not the name of the image.' : 'The annotation has no filename.';
    this.#report('filename-differs', message, element ?? root, imageNames[0], element?.text);
  }

  #readSize(root: XmlElement): { element: XmlElement; stated: StatedSize } | undefined {
    const element = this.#need(root, 'size');
    const sides = SIDES.map((name) => element && this.#need(element, name)?.text);
    const [width, height, depth] = sides;
    if (!element || width === undefined || height === undefined || depth === undefined) return undefined;
    const stated = { width: numberOf(width), height: numberOf(height), depth: numberOf(depth) };
    return { element, stated: { ...stated, line: element.line, text: sides.join('x') } };
  }

  #readObject(holder: XmlElement, parent: XmlElement, kind: 'object' | 'part'): void {
    const flags = FLAGS.map((flag) => [flag, this.#readFlag(holder, flag)] as const);
    const element = this.#need(holder, 'bndbox');
    const box = element && this.#readBox(element);
    const name = this.#need(holder, 'name');
    if (name?.text === '') this.#report('missing-element', 'The name is empty.', name, 'the name of a class');
    if (!element || !box) return;
    const known = Object.fromEntries(flags.filter(([, value]) => value !== undefined)) as Partial<AnnotatedObject>;
    const own = kind === 'object' && name && name.text !== '' ? { name: name.text } : {};
    this.#objects.push({ ...own, box, ...known, line: element.line });
    this.#elements.push({ box: element, parent, holder });
  }

  #readFlag(holder: XmlElement, flag: (typeof FLAGS)[number]): number | undefined {
    const element = this.#find(holder, flag);
    if (!element) return undefined;
    const { text } = element;
    if (/^[01]$/.test(text)) return Number(text);
    if (DEGREES.includes(flag) && /^\d{1,9}$/.test(text)) {
      this.#report('large-flag', 'The element is larger than 1.', element, '0 or 1', text);
      return Number(text);
    }
    this.#report('bad-flag', 'The element is neither 0 nor 1.', element, '0 or 1', text);
    return undefined;
  }

  #readBox(element: XmlElement): Box | undefined {
    const [xmin, ymin, xmax, ymax] = ['xmin', 'ymin', 'xmax', 'ymax'].map((name) => {
      const edge = this.#need(element, name);
      if (!edge) return undefined;
      const value = numberOf(edge.text);
      if (Number.isFinite(value)) return value;
      this.#report('bad-coordinate', 'The coordinate is not a finite number.', edge, 'a number of pixels', edge.text);
      return undefined;
    });
    if (xmin === undefined || ymin === undefined || xmax === undefined || ymax === undefined) return undefined;
    return { xmin, ymin, xmax, ymax };
  }

  #checkOtherShapes(object: XmlElement): void {
    const shape = object.children().find(({ name }) => OTHER_SHAPES.includes(name));
    if (shape) this.#report('left-out-shape', 'The element cannot be resized, so it is left out.', shape);
  }

  /** Changes the XML to that of the stored image. The elements that are not of the image or of a box stay as they are. */
  #write(
    root: XmlElement,
    size: XmlElement,
    { filename, width, height, depth }: StoredImage,
    boxes: readonly (Box | undefined)[],
  ): Buffer {
    for (const object of root.children('object')) object.remove(OTHER_SHAPES);
    (root.children('filename')[0] ?? root.prepend('filename')).text = filename;
    setNumbers(size, { width, height, depth });
    const removed = new Map<XmlElement, Set<XmlElement>>();
    for (const [index, { box: element, parent, holder }] of this.#elements.entries()) {
      const box = boxes[index];
      if (box) setNumbers(element, { ...box });
      else removed.set(parent, (removed.get(parent) ?? new Set()).add(holder));
    }
    for (const [parent, holders] of removed) parent.removeChildren(holders);
    return Buffer.from(root.toXml());
  }

  #need(parent: XmlElement, name: string): XmlElement | undefined {
    const element = this.#find(parent, name);
    if (!element) this.#report('missing-element', `The ${parent.name} has no ${name}.`, parent, `one ${name}`);
    return element;
  }

  /** Returns the element of this name. Several of them are reported, and the first is returned. */
  #find(parent: XmlElement, name: string): XmlElement | undefined {
    const [first, second] = parent.children(name);
    if (second) {
      this.#report('repeated-element', `The ${parent.name} has more than one ${name}.`, second, `one ${name}`);
    }
    return first;
  }

  #report(code: DetectionFindingCode, message: string, element: XmlElement, expected?: string, value?: string): void {
    detectionFindings.report(this.report, code, () => {
      return { message, file: this.file, row: element.line, column: element.name, value, expected };
    });
  }
}

/** Returns NaN for a text that is not a finite decimal number. */
function numberOf(text: string): number {
  const value = NUMBER.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

function setNumbers(parent: XmlElement, numbers: Record<string, number>): void {
  for (const [name, value] of Object.entries(numbers)) parent.children(name)[0]!.text = String(value);
}
