import { defineFindings } from '@tracebloc/ingestor-dataset';

/** The findings of this package about annotations and the shapes of images. */
export const detectionFindings = defineFindings({
  'not-square': {
    severity: 'error',
    meaning: 'An image is neither square nor of the shape of `target_size`, and `fit` is not set.',
    fix: 'Set `spec.file_options.fit` to `contain` (pads with black), `cover` (cuts off) or `stretch` (changes the shape), or crop the images.',
  },
  'annotation-too-large': {
    severity: 'error',
    meaning: 'An XML file is larger than 2 MiB, so it was not read.',
    fix: 'Remove from the XML what is not part of an annotation, or remove the image.',
  },
  'not-xml': {
    severity: 'error',
    meaning: 'A file is not well-formed XML with one root, or nests deeper than annotations do.',
    fix: 'Export the annotation again as Pascal VOC, or correct the file at the line that the finding names.',
  },
  'xml-entity': {
    severity: 'error',
    meaning: 'An XML file has a DOCTYPE, declares an entity, or refers to one beyond the five of XML itself.',
    fix: 'Remove the DOCTYPE, and write the text itself instead of the entity.',
  },
  'wrong-root': {
    severity: 'error',
    meaning: 'The root of an XML file is not `annotation`.',
    fix: 'Export the annotation again as Pascal VOC.',
  },
  'missing-element': {
    severity: 'error',
    meaning: 'An annotation lacks an element that Pascal VOC needs, or has an empty `name`.',
    fix: 'Add the element: `size` needs width, height and depth; each `object` needs name and bndbox with xmin, ymin, xmax, ymax.',
  },
  'repeated-element': {
    severity: 'error',
    meaning: 'An annotation has an element twice where there can be only one.',
    fix: 'Remove the wrong one; write an `object` for each box.',
  },
  'size-mismatch': {
    severity: 'error',
    meaning: 'The `size` of an annotation is not the width and height of its image.',
    fix: 'Pair the image with its own annotation, or annotate the image as it is now.',
  },
  'unknown-size': {
    severity: 'warning',
    meaning:
      'The `size` of an annotation is 0x0, as of a program that did not know the image. The size of the image is taken.',
    fix: 'Nothing, if the boxes count the pixels of the image as it is now.',
  },
  'depth-differs': {
    severity: 'warning',
    meaning:
      'The `depth` of an annotation is not that of its image: 1 for grey, 3 for RGB. It is corrected in what is written.',
    fix: 'Check that the annotation belongs to the image.',
  },
  'bad-coordinate': {
    severity: 'error',
    meaning: 'A coordinate of a box is not a finite decimal number.',
    fix: 'Write xmin, ymin, xmax and ymax as numbers of pixels.',
  },
  'inverted-box': {
    severity: 'error',
    meaning: 'A box ends before it begins.',
    fix: 'Exchange the two coordinates, or remove the object.',
  },
  'empty-box': {
    severity: 'error',
    meaning: 'A box has no area.',
    fix: 'Correct the coordinates, or remove the object.',
  },
  'box-outside': {
    severity: 'error',
    meaning: 'A box reaches out of its image, by more than rounding explains.',
    fix: 'Set `spec.file_options.clip: true`, which cuts such boxes at the edge, or correct the box. Remove an object that is wholly outside.',
  },
  'clipped-box': {
    severity: 'warning',
    meaning: 'A box reaches out of its image, and was cut at the edge, as `spec.file_options.clip` says.',
    fix: 'Nothing, if the objects go on beyond the image. Otherwise correct the box.',
  },
  'cropped-object': {
    severity: 'warning',
    meaning: 'An object is in the part of its image that `fit: cover` cuts off, so it is left out.',
    fix: 'Nothing, if enough objects are left. Otherwise set `spec.file_options.fit: contain`, which keeps the whole image.',
  },
  'bad-flag': {
    severity: 'error',
    meaning: '`difficult`, `truncated` or `occluded` is neither 0 nor 1.',
    fix: 'Write 0 or 1, or remove the element.',
  },
  'large-flag': {
    severity: 'warning',
    meaning: '`difficult` or `occluded` is larger than 1. It is stored as it is.',
    fix: 'Nothing, if it is a degree. A program that knows only 0 and 1 takes it for 1.',
  },
  'filename-differs': {
    severity: 'warning',
    meaning:
      'The `filename` of an annotation is missing or is not the name of its image. It is corrected in what is written.',
    fix: 'Check that the annotation belongs to the image.',
  },
  'no-object': {
    severity: 'warning',
    meaning: 'An annotation has no object, so that its image shows the model only background.',
    fix: 'Annotate the image, or remove it if it should not be part of training.',
  },
  'unlisted-name': {
    severity: 'warning',
    meaning: 'Objects have a name that is not one of the labels in the manifest.',
    fix: 'Correct the name, or add a row with this label.',
  },
  'classes-not-listed': {
    severity: 'warning',
    meaning:
      'A picture has so many classes that their list has more than 255 characters. Its label has the class of its first row.',
    fix: 'Nothing, if training reads the classes from the annotations. Otherwise shorten their names.',
  },
  'unlistable-class': {
    severity: 'error',
    meaning:
      'The rows have no label, so that the classes of a picture are its label, as `car:3 sign:1`. A class has a space or a colon in its name.',
    fix: 'Write the name without spaces and colons in all annotations, such as `traffic_light`, or name a column of labels in `label`.',
  },
  'no-label': {
    severity: 'warning',
    meaning: 'The rows have no label, and a picture has no object, so that it has no label either. It is left out.',
    fix: 'Annotate the image, or name a column of labels in `label`, with which it is stored as an image of background.',
  },
  'unused-class': {
    severity: 'warning',
    meaning: 'No object has a class that the manifest has as a label, so that training sees no example of it.',
    fix: 'Annotate objects of this class, correct the label, or remove it.',
  },
  'left-out-shape': {
    severity: 'warning',
    meaning:
      'Objects have a polygon, points or the like beside their box. These cannot be resized, so they are left out.',
    fix: 'Nothing, if the boxes are all that training needs.',
  },
});

export type DetectionFindingCode = Parameters<typeof detectionFindings.report>[1];
