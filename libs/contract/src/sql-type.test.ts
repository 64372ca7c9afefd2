import { describe, expect, it } from '@jest/globals';
import { parseSqlType } from './sql-type.js';

describe('parseSqlType', () => {
  it.each([
    ['int', { kind: 'integer', name: 'INT', sql: 'INT' }],
    [' Integer ', { kind: 'integer', name: 'INT', sql: 'INT' }],
    ['INT(11)', { kind: 'integer', sql: 'INT' }],
    ['bigint unsigned not  null', { kind: 'integer', unsigned: true, notNull: true, sql: 'BIGINT UNSIGNED' }],
    ['VARCHAR( 32 )', { kind: 'text', length: 32, sql: 'VARCHAR(32)' }],
    ['numeric(10, 2)', { kind: 'decimal', name: 'DECIMAL', precision: 10, scale: 2, sql: 'DECIMAL(10,2)' }],
    ['decimal', { precision: 10, scale: 0, sql: 'DECIMAL(10,0)' }],
    ['bool', { kind: 'boolean', name: 'BOOLEAN', sql: 'BOOLEAN' }],
    ['DATETIME(6) NULL', { kind: 'datetime', scale: 6, notNull: false, sql: 'DATETIME(6)' }],
    ['TIMESTAMP', { kind: 'datetime', scale: 0, sql: 'TIMESTAMP' }],
  ])('understands %p', (text, expected) => {
    expect(parseSqlType(text)).toMatchObject(expected);
  });

  it.each([
    ['STRING', /not a SQL type; use one of VARCHAR/],
    ['', /not a SQL type/],
    ['VARCHAR', /needs a length, for example VARCHAR\(255\)/],
    ['VARCHAR(0)', /length from 1/],
    ['VARCHAR(20000)', /16383; for longer text use TEXT/],
    ['CHAR(256)', /length from 1 to 255/],
    ['DECIMAL(5,6)', /at most 30 of these may follow the point/],
    ['DECIMAL(66)', /1 to 65 digits/],
    ['DOUBLE(10)', /does not take a number/],
    ['INT(3,2)', /too many numbers/],
    ['DATETIME(7)', /at most 6/],
    ['TEXT UNSIGNED', /cannot be UNSIGNED/],
    ['INT PRIMARY KEY', /has "PRIMARY KEY" after the type/],
    ['INT; DROP TABLE x', /has "; DROP TABLE X" after the type/],
  ])('refuses %p and says why', (text, message) => {
    expect(() => parseSqlType(text)).toThrow(message);
  });
});
