import { defineFindings } from '@tracebloc/ingestor-dataset';

/** What layouts of annotated images report. */
export const annotationFindings = defineFindings({
  'invalid-annotation': {
    severity: 'error',
    meaning: 'An annotation cannot be read: a part of it is missing or has a value that such a part cannot have.',
    fix: 'Correct the annotation, or remove it.',
  },
  'invalid-image-entry': {
    severity: 'error',
    meaning: 'An entry for an image cannot be read, for example because it names no file.',
    fix: 'Correct the entry, or remove it and its annotations.',
  },
  'duplicate-image-entry': {
    severity: 'error',
    meaning: 'Two entries are for the same image, or have the same id.',
    fix: 'Keep one of the entries, with the annotations of both.',
  },
  'unsafe-image-path': {
    severity: 'error',
    meaning: 'The path of an image leads to a place outside of the folder of the images, or does not name a file.',
    fix: 'Write the path as it is below the folder of the images.',
  },
  'unknown-class': {
    severity: 'error',
    meaning: 'An annotation is of a class that the data does not declare.',
    fix: 'Declare the class, or correct the annotation.',
  },
  'annotation-without-image': {
    severity: 'warning',
    meaning: 'An annotation is of an image that the data does not list. It is left out.',
    fix: 'Add the image, or remove the annotation.',
  },
  'unused-class': {
    severity: 'warning',
    meaning: 'A class is declared and has no object.',
    fix: 'Check that the class is meant. `classes` in the options of the layout chooses among the classes.',
  },
  'similar-class-names': {
    severity: 'warning',
    meaning: 'Two classes differ only in case or spaces. They are different classes.',
    fix: 'If they are one class, give it one name.',
  },
  'too-many-classes': {
    severity: 'error',
    meaning: 'The data has more classes than a mask has values.',
    fix: 'Choose classes with `classes` in the options of the layout.',
  },
  'object-without-shape': {
    severity: 'error',
    meaning: 'An object has no box, or no outline, which the task needs.',
    fix: 'Draw the shape, remove the object, or choose a task that does not need it.',
  },
  'shortened-label': {
    severity: 'warning',
    meaning:
      'The names of the classes in an image are longer than a label may be. The label ends in the number of the others.',
    fix: 'Give the classes shorter names, or choose some of them with `classes` in the options of the layout.',
  },
});
