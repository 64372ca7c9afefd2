import { expect, it } from '@jest/globals';
import { nameOfSide } from './names.js';

it.each([
  ['customers', 'customers.train', 'customers.test'],
  ['customers_train', 'customers_train', 'customers_test'],
  ['customers.train', 'customers.train', 'customers.test'],
  ['Customers-Train', 'Customers-Train', 'Customers-Test'],
  ['CUSTOMERS_TRAIN', 'CUSTOMERS_TRAIN', 'CUSTOMERS_TEST'],
  ['customers_training', 'customers_training', 'customers_testing'],
  ['train', 'train', 'test'],
  // Other words that end so, and a test set, are names like any other.
  ['express_trains', 'express_trains.train', 'express_trains.test'],
  ['strain', 'strain.train', 'strain.test'],
  ['train_2024', 'train_2024.train', 'train_2024.test'],
  ['customers_test', 'customers_test.train', 'customers_test.test'],
])('%s becomes %s and %s', (name, train, test) => {
  expect([nameOfSide(name, 'train', '.'), nameOfSide(name, 'test', '.')]).toEqual([train, test]);
});
