import type { Report } from '@tracebloc/ingestor-contract';
import { type DetectionFindingCode, detectionFindings } from './findings.js';
import type { Box } from './geometry.js';
import type { XmlElement } from './xml.js';

/** A checked Pascal VOC annotation. Its boxes are in the frame that its `size` states. */
export interface Annotation {
  root: XmlElement;
  size: StatedSize;
  /** The boxes of the objects, and of the parts that these may have. */
  boxes: { element: XmlElement; box: Box }[];
  /** The names of the objects. */
  names: string[];
}

/** An annotation's `size`, which may differ from that of the image. */
export interface StatedSize {
  element: XmlElement;
  width: number;
  height: number;
  depth: number;
}

const FLAGS = ['difficult', 'truncated', 'occluded'];
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** Elements of an object that hold coordinates which are not resized. */
const OTHER_SHAPES = ['polygon', 'segmentation', 'point', 'keypoints', 'mask', 'robndbox'];

/**
 * Checks an annotation without its image and reports everything that is wrong. If something is, the result serves only
 * further checks; it is undefined if these would be pointless.
 * @param file the annotation's name as findings show it
 * @param imageName the name of its image, without folder
 */
export function checkAnnotation(
  root: XmlElement,
  file: string,
  imageName: string,
  report: Report,
): Annotation | undefined {
  return new AnnotationCheck(file, report).check(root, imageName);
}

class AnnotationCheck {
  readonly #boxes: Annotation['boxes'] = [];

  constructor(
    private readonly file: string,
    private readonly report: Report,
  ) {}

  check(root: XmlElement, imageName: string): Annotation | undefined {
    if (root.name !== 'annotation') {
      this.#report('wrong-root', 'The root element is not `annotation`.', root, 'annotation', root.name);
      return undefined;
    }
    this.#checkFilename(root, imageName);
    const size = this.#readSize(root);
    const objects = root.children('object');
    if (objects.length === 0) this.#report('no-object', 'The annotation has no object.', root);
    const names = objects.flatMap((object) => {
      this.#checkOtherShapes(object);
      for (const part of object.children('part')) this.#checkObject(part, size);
      return this.#checkObject(object, size) ?? [];
    });
    return size && { root, size, boxes: this.#boxes, names };
  }

  #checkFilename(root: XmlElement, imageName: string): void {
    const element = this.#find(root, 'filename');
    if (element?.text === imageName) return;
    const message = element ? 'The filename is not the name of the image.' : 'The annotation has no filename.';
    this.#report('filename-differs', message, element ?? root, imageName, element?.text);
  }

  #readSize(root: XmlElement): StatedSize | undefined {
    const element = this.#need(root, 'size');
    const [width, height, depth] = ['width', 'height', 'depth'].map((name) => {
      const side = element && this.#need(element, name);
      return side && { side, value: numberOf(side.text) };
    });
    if (!element || !width || !height || !depth) return undefined;
    return { element, width: width.value, height: height.value, depth: depth.value };
  }

  /** Checks an object and returns its name, if it has one. */
  #checkObject(object: XmlElement, size: StatedSize | undefined): string | undefined {
    for (const flag of FLAGS) {
      const element = this.#find(object, flag);
      if (!element || element.text === '0' || element.text === '1') continue;
      this.#report('bad-flag', 'The element is neither 0 nor 1.', element, '0 or 1', element.text);
    }
    const element = this.#need(object, 'bndbox');
    const box = element && this.#readBox(element);
    if (element && box && this.#checkBox(element, box, size)) this.#boxes.push({ element, box });

    const name = this.#need(object, 'name');
    if (name?.text === '') this.#report('missing-element', 'The name is empty.', name, 'the name of a class');
    return name?.text === '' ? undefined : name?.text;
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

  #checkBox(element: XmlElement, { xmin, ymin, xmax, ymax }: Box, size: StatedSize | undefined): boolean {
    const value = `${xmin},${ymin} to ${xmax},${ymax}`;
    if (xmin > xmax || ymin > ymax) {
      this.#report('inverted-box', 'The box ends before it begins.', element, 'xmin < xmax and ymin < ymax', value);
      return false;
    }
    if (xmin === xmax || ymin === ymax) {
      this.#report('empty-box', 'The box has no area.', element, 'xmin < xmax and ymin < ymax', value);
      return false;
    }
    // A size of 0x0 is reported with the image, and says nothing about the boxes.
    const { width, height } = size && !isUnknown(size) ? size : { width: Infinity, height: Infinity };
    if (xmin >= 0 && ymin >= 0 && !(xmax > width) && !(ymax > height)) return true;
    const expected = `0,0 to ${width},${height} at most`;
    this.#report('box-outside', 'The box reaches out of the image.', element, expected, value);
    return false;
  }

  #checkOtherShapes(object: XmlElement): void {
    const shape = object.children().find(({ name }) => OTHER_SHAPES.includes(name));
    if (shape) this.#report('left-out-shape', 'The element cannot be resized, so it is left out.', shape);
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

/** Whether the size is 0x0, which programs write that did not know the image. */
export const isUnknown = ({ width, height }: StatedSize): boolean => width === 0 && height === 0;

/** Returns NaN for a text that is not a finite decimal number. */
function numberOf(text: string): number {
  const value = NUMBER.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

/** Removes from the objects the shapes that are not resized. */
export function removeOtherShapes({ root }: Annotation): void {
  for (const object of root.children('object')) object.remove(OTHER_SHAPES);
}
