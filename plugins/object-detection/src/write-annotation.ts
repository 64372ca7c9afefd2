import type { Image } from '@tracebloc/ingestor-images';
import { type Annotation, removeOtherShapes } from './annotation.js';
import type { Frame } from './frame.js';
import { type Placement, placeBox, turnBox } from './geometry.js';
import type { XmlElement } from './xml.js';

/** The image that is written together with an annotation. */
export interface WrittenImage {
  /** The image's new name. */
  filename: string;
  /** The image as it was read. */
  image: Image;
  placement: Placement;
  frame: Frame;
}

/**
 * Returns the XML of an annotation for the written image: with its name, its size and the moved boxes. The other elements
 * stay as they are. It changes the annotation, which must not be used afterwards.
 */
export function writeAnnotation(annotation: Annotation, { filename, image, placement, frame }: WrittenImage): Buffer {
  const { root, size, boxes } = annotation;
  removeOtherShapes(annotation);
  (root.children('filename')[0] ?? root.prepend('filename')).text = filename;
  const { width, height } = placement.target;
  setNumbers(size.element, { width, height, depth: image.channels });
  for (const { element, box } of boxes) {
    setNumbers(element, { ...placeBox(frame === 'stored' ? turnBox(box, image, image.orientation) : box, placement) });
  }
  return Buffer.from(root.toXml());
}

function setNumbers(parent: XmlElement, numbers: Record<string, number>): void {
  for (const [name, value] of Object.entries(numbers)) parent.children(name)[0]!.text = String(value);
}
