import { defineFindings } from '@tracebloc/ingestor-dataset';

/** What this format reports beside what the checks of all formats do. */
export const keypointFindings = defineFindings({
  'not-points': {
    severity: 'error',
    meaning: 'A cell of `Annotation` or `Visibility` is not a JSON object.',
    fix: 'Write JSON as a library does, such as `json.dumps` of Python: `{"nose": [12, 30]}` and `{"nose": 1}`.',
  },
  'not-a-point': {
    severity: 'error',
    meaning: 'A point is neither `[x, y]` nor `{"x": x, "y": y}` with finite numbers.',
    fix: 'Write the point as `[x, y]`, without further values. Write `[0, 0]` with visibility 0 for one that is not labelled.',
  },
  'number-of-points': {
    severity: 'error',
    meaning: 'An object does not have `number_of_keypoints` points.',
    fix: 'Add the points that are missing, as `[0, 0]` with visibility 0 if they are not labelled, or correct `number_of_keypoints`.',
  },
  'other-points': {
    severity: 'error',
    meaning:
      'The names of the points are not those of the first row that has `number_of_keypoints` points. Case and space count.',
    fix: 'Write the same names in all rows. A point that is not labelled is `[0, 0]` with visibility 0.',
  },
  'invalid-visibility': {
    severity: 'error',
    meaning: 'A visibility is neither 0 nor 1, or the names in `Visibility` are not those in `Annotation`.',
    fix: 'Write 1 for each point that can be seen and 0 for every other. Of the numbers of COCO, 2 is 1, and 1 (hidden) is 0.',
  },
  'mixed-units': {
    severity: 'error',
    meaning: 'Points are in pixels, but those of an earlier row are fractions of the image, or the other way round.',
    fix: 'Write all points in pixels, or all as fractions of the image from 0 to 1. Correct the earlier row if that is the wrong one.',
  },
  'point-outside': {
    severity: 'error',
    meaning: 'A point is outside of its image.',
    fix: 'Correct the point. If it is not in the picture, write `[0, 0]` with visibility 0.',
  },
  'one-spot': {
    severity: 'error',
    meaning: 'All points of an object that are labelled are on one spot, or none is labelled.',
    fix: 'Correct the points, or remove the row.',
  },
  'annotation-too-long': {
    severity: 'error',
    meaning: 'The points of an object, as JSON, need more than 65,535 bytes.',
    fix: 'Shorten the names of the points, or use fewer.',
  },
  'cropped-points': {
    severity: 'warning',
    meaning: '`fit: cover` cuts off visible points. They are stored at the edge of the image, with visibility 0.',
    fix: 'Nothing, if training should not see them. `fit: contain` keeps the whole image.',
  },
});
