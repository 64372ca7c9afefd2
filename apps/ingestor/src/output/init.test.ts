import { expect, it } from '@jest/globals';
import { renderFound, renderNear } from './init.js';

it('breaks what was found at spaces on a terminal, and nowhere else', () => {
  const found = 'a table of 60 rows and 7 columns, of which 4 could be the class to predict';
  expect(renderFound('tabular_classification', found, 80)).toBe(
    `Found ${found}:\n  tabular_classification.`.replace(' to predict:\n  ', ' to\n  predict: '),
  );
  expect(renderFound('tabular_classification', found)).toBe(`Found ${found}: tabular_classification.`);
  const near = { task: 'image_classification', reason: 'it has no images', fix: 'Move the .jpg files into a folder.' };
  expect(
    renderNear(near, 30)
      .split('\n')
      .every((line) => line.length <= 30),
  ).toBe(true);
  expect(renderNear(near).split('\n')).toHaveLength(2);
});
