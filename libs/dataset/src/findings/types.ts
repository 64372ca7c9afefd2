import type { Catalogue } from './catalogue.js';

/** What is found when a cell is converted to its column's type. */
export const types = {
  'missing-value': {
    severity: 'error',
    meaning: 'A value is missing in a column that is declared NOT NULL.',
    fix: 'Fill in the value, or remove NOT NULL from the type in the schema.',
  },
  'not-a-number': {
    severity: 'error',
    meaning: 'A value of a FLOAT, DOUBLE or DECIMAL column, or a numeric label, is not a decimal number.',
    fix: 'Write digits with a point, without thousands separators or units, or declare the column VARCHAR.',
  },
  'not-an-integer': {
    severity: 'error',
    meaning: 'A value of an integer column is not a whole number.',
    fix: 'Correct the value, or declare the column FLOAT or VARCHAR.',
  },
  'number-overflow': {
    severity: 'error',
    meaning: 'A number is too large for FLOAT or DOUBLE.',
    fix: 'Correct the value, or declare a FLOAT column DOUBLE.',
  },
  'out-of-range': {
    severity: 'error',
    meaning: 'A number, date or time is outside the range of its type. UNSIGNED allows no negative number.',
    fix: 'Correct the value, or declare a type with a larger range.',
  },
  'too-many-decimals': {
    severity: 'error',
    meaning: 'A number, or the seconds of a time, has more digits after the decimal point than the type stores.',
    fix: 'Round the value, or declare more digits: DECIMAL(12,4), DATETIME(6).',
  },
  'text-too-long': {
    severity: 'error',
    meaning: 'A text has more characters than its CHAR or VARCHAR allows, or more than 65,535 bytes in a TEXT.',
    fix: 'Shorten the text, or declare a longer type.',
  },
  'not-a-boolean': {
    severity: 'error',
    meaning: 'A value of a BOOLEAN column is not one of true, false, t, f, yes, no, y, n, 1, 0, 1.0, 0.0.',
    fix: 'Use one of these words, in upper or lower case.',
  },
  'not-a-date': {
    severity: 'error',
    meaning: 'A value of a DATE column is not in a known format.',
    fix: 'Write dates as YYYY-MM-DD.',
  },
  'not-a-datetime': {
    severity: 'error',
    meaning: 'A value of a DATETIME or TIMESTAMP column is not in a known format.',
    fix: 'Write dates with times as YYYY-MM-DD HH:MM:SS.',
  },
  'not-a-time': {
    severity: 'error',
    meaning: 'A value of a TIME column is not in a known format.',
    fix: 'Write times as HH:MM:SS.',
  },
  'unreal-date': {
    severity: 'error',
    meaning: 'A date or time of day does not exist, such as 31 February or 25:00.',
    fix: 'Correct the value; check whether day and month are swapped.',
  },
  'ambiguous-number': {
    severity: 'error',
    meaning:
      'A number such as 2.155 has two readings, and no value of its column decides. It is an error if other numbers of the file have a decimal comma. It is a warning if the rest of the column is whole numbers.',
    fix: 'Set `spec.csv_options.decimal: ","` with `thousands: "."` if the point separates thousands, or `decimal: "."` if it does not.',
  },
  'ambiguous-date': {
    severity: 'warning',
    meaning: 'Dates such as 01/02/2022 have two readings, and no value of the column decides between day and month.',
    fix: 'Set `spec.csv_options.day_first: true` if the day is first, or `day_first: false` if the month is.',
  },
  'ambiguous-local-time': {
    severity: 'error',
    meaning:
      'A local time occurs twice, because the clocks went back, and the order of the rows does not show which is meant.',
    fix: 'Write the offset after the time, such as +01:00, or sort the rows by time. In a run with shards, use another number of them.',
  },
  'mixed-offsets': {
    severity: 'warning',
    meaning: 'Some moments of a column have an offset and some have none, so that they may be hours apart.',
    fix: 'Set `spec.csv_options.time_zone` to the zone of those without an offset, which is UTC if it is not set.',
  },
  'words-as-null': {
    severity: 'warning',
    meaning: 'Cells of a column hold words such as NA and null, which became NULL although no option says so.',
    fix: 'If they are values, set `spec.csv_options.keep_default_na: false`. If not, `keep_default_na: true` ends the warning.',
  },
  'na-among-codes': {
    severity: 'warning',
    meaning: 'NA became NULL in a column whose other values are codes of two letters, so that it may be a code too.',
    fix: 'If it is a code, set `spec.csv_options.keep_default_na: false`, and list in `na_values` what means missing.',
  },
} as const satisfies Catalogue;
