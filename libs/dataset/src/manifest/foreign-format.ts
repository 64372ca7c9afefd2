import type { Finding } from '@tracebloc/ingestor-contract';
import { makeFinding } from '../findings/findings.js';

/** The bytes at the beginning of a file that are examined. */
const HEAD_BYTES = 4096;

/** The fewest characters of base64 that are told from a short word. */
const MIN_BASE64 = 64;

interface Format {
  /** What the file is, after "The file is". */
  is: string;
  fix: string;
}

/** A format that is known by its first bytes. */
interface BinaryFormat extends Format {
  bytes: string;
  /** Whether the bytes are letters with which a header may begin; then a control character must be near. */
  isWord?: boolean;
}

const unpack = (command: string): string =>
  `Unpack it with \`${command}\`, and give the path of the file that was in it.`;
const convert = (name: string): string =>
  `Convert it to CSV, for example in Python: \`pandas.${name}(path).to_csv('data.csv', index=False)\`.`;
const nameIn = (field: string): string =>
  `In \`ingest.yaml\`, name the file in \`${field}\` instead, which needs the plugin ${field}.`;
const READ_HTML = "Or in Python: `pandas.read_html(path)[0].to_csv('data.csv', index=False)`.";
const SAVE_AS_CSV = 'Open it in a spreadsheet program, and save the sheet as "CSV UTF-8".';

const PARQUET = 'a Parquet file';
const WORKBOOK = 'an Excel workbook (xlsx)';

const BINARY: readonly BinaryFormat[] = [
  { bytes: '\x1f\x8b', is: 'a gzip archive', fix: unpack('gunzip') },
  { bytes: 'BZh', is: 'a bzip2 archive', fix: unpack('bunzip2'), isWord: true },
  { bytes: '\xfd7zXZ\0', is: 'an xz archive', fix: unpack('unxz') },
  { bytes: '\x28\xb5\x2f\xfd', is: 'a Zstandard archive', fix: unpack('unzstd') },
  { bytes: '7z\xbc\xaf\x27\x1c', is: 'a 7z archive', fix: unpack('7z x') },
  { bytes: 'Rar!\x1a\x07', is: 'a RAR archive', fix: unpack('unrar x') },
  { bytes: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', is: 'an Excel workbook or another Office document', fix: SAVE_AS_CSV },
  { bytes: 'PAR1', is: PARQUET, fix: nameIn('parquet'), isWord: true },
  { bytes: 'ORC', is: 'an ORC file', fix: convert('read_orc'), isWord: true },
  { bytes: 'ARROW1', is: 'an Arrow file', fix: convert('read_feather'), isWord: true },
  { bytes: 'FEA1', is: 'a Feather file', fix: convert('read_feather'), isWord: true },
  { bytes: '\x89HDF\r\n\x1a\n', is: 'an HDF5 file', fix: convert('read_hdf') },
  { bytes: 'SQLite format 3\0', is: 'an SQLite database', fix: 'Export the table as CSV, for example with `sqlite3`.' },
  {
    bytes: '\x93NUMPY',
    is: 'a NumPy array',
    fix: 'Write it as CSV, in Python: `numpy.savetxt`, with a line of names.',
  },
  { bytes: '\x80\x03', is: 'a Python pickle', fix: convert('read_pickle') },
  { bytes: '\x80\x04\x95', is: 'a Python pickle', fix: convert('read_pickle') },
  { bytes: '\x80\x05\x95', is: 'a Python pickle', fix: convert('read_pickle') },
  { bytes: '<stata_dta>', is: 'a Stata file', fix: convert('read_stata') },
  { bytes: '$FL2@(#)', is: 'an SPSS file', fix: convert('read_spss') },
  { bytes: 'Obj\x01', is: 'an Avro file', fix: 'Convert it to JSON lines, for example with `avro-tools tojson`.' },
  { bytes: '%PDF-', is: 'a PDF document', fix: 'Get the table as CSV from its source; a PDF cannot be read.' },
];

const ZIP = 'PK\x03\x04';

/**
 * Returns the finding of a file that is not a table but something else that is known, judged by the first bytes of the
 * file, or `undefined`.
 */
export function foreignFormat(bytes: Uint8Array): Finding | undefined {
  // Latin-1 keeps each byte as one character.
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
  const format = binaryFormat(head) ?? textFormat(head);
  if (!format) return undefined;
  const message = `The file is ${format.is}, not a table in CSV or JSON.`;
  return makeFinding('other-format', { message, fix: format.fix });
}

/** Returns the table format that a file has by its first bytes, unless it is text. It needs a plugin. */
export function tableFormatOf(bytes: Uint8Array): 'xlsx' | 'parquet' | undefined {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
  const is = binaryFormat(head)?.is;
  if (is === WORKBOOK) return 'xlsx';
  return is === PARQUET ? 'parquet' : undefined;
}

function binaryFormat(head: string): Format | undefined {
  if (head.startsWith(ZIP)) return zipFormat(head);
  if (head.slice(257, 262) === 'ustar') return { is: 'a tar archive', fix: unpack('tar -xf') };
  return BINARY.find(({ bytes, isWord }) => head.startsWith(bytes) && (!isWord || CONTROL.test(head.slice(0, 64))));
}

const CONTROL = /[\0-\x08\x0e-\x1f\x80-\x9f]/;

function zipFormat(head: string): Format {
  if (/\[Content_Types\]\.xml|_rels\/|xl\//.test(head)) return { is: WORKBOOK, fix: nameIn('xlsx') };
  if (head.includes('application/vnd.oasis.opendocument')) {
    return { is: 'an OpenDocument sheet', fix: SAVE_AS_CSV };
  }
  return { is: 'a ZIP archive', fix: unpack('unzip') };
}

/** Matches the lines of a YAML file that names the folders and the classes of a dataset. */
const YOLO = /^(?:path|train|val|test|nc|names):(?=[ \r\n]|$)/gm;

function textFormat(head: string): Format | undefined {
  const text = head.replace(/^\xef\xbb\xbf/, '');
  if (/^version https:\/\/git-lfs\.github\.com\/spec\/\S+\r?\noid /.test(text)) {
    return {
      is: 'a Git LFS pointer, which only names the data',
      fix: 'Run `git lfs pull` in the repository that it comes from.',
    };
  }
  if (/^outs:\r?\n- (?:md5|hash|size|path):/.test(text)) {
    return {
      is: 'a DVC pointer, which only names the data',
      fix: 'Run `dvc pull` in the repository that it comes from.',
    };
  }
  if (/^\s*(?:<html\b[^]*)?<table\b/i.test(text)) {
    return { is: 'an HTML page with a table, as programs export for Excel', fix: `${SAVE_AS_CSV} ${READ_HTML}` };
  }
  if (/^\s*(?:<!--[^]*?-->\s*)?<(?:!doctype html|html|head|body)\b/i.test(text)) {
    return {
      is: 'an HTML page, such as a login or error page instead of a download',
      fix: 'Download the file itself, signed in where that is needed, and look at it before you use it.',
    };
  }
  if (/^\s*<\?xml\b/i.test(text)) return { is: 'an XML document', fix: convert('read_xml') };
  if ((text.match(YOLO)?.length ?? 0) > 1) {
    return {
      is: 'a YAML file that describes a dataset, such as the data.yaml of YOLO',
      fix: 'Use a table instead: a row for each file, with its name in the column `filename` and its class in the column `label`.',
    };
  }
  if (/^\{\\rtf\d/.test(text)) return { is: 'an RTF document', fix: 'Save its text as plain text in UTF-8.' };
  if (/^data:[\w/+.-]*(?:;[\w=-]+)*;base64,/i.test(text) || isBase64(text)) {
    return { is: 'in base64', fix: 'Decode it, `base64 -d old > new`, and give the path of the new file.' };
  }
  return undefined;
}

/** Returns the finding of a CSV that is JSON, judged by the beginning of its text, or `undefined`. */
export function findJson(head: string): Finding | undefined {
  if (!/^\s*(?:\[\s*)?\{\s*"[^"]*"\s*:/.test(head)) return undefined;
  const fix = 'In `ingest.yaml`, name the file in `json` instead of `csv`.';
  return makeFinding('other-format', { message: 'The file is JSON, not a table in CSV.', fix });
}

/** Whether a text is base64 of a text with several fields and lines, or of a known binary format. */
function isBase64(text: string): boolean {
  const compact = text.replaceAll(/[\r\n]/g, '');
  if (compact.length < MIN_BASE64 || !/^[A-Za-z0-9+/]+={0,2}\s*$/.test(compact)) return false;
  const decoded = Buffer.from(compact, 'base64').toString('latin1');
  if (binaryFormat(decoded)) return true;
  return (
    /^(?:\s*[[{]|[^\r\n]*[,;\t|][^\r\n]*[\r\n])/.test(decoded) && !CONTROL.test(decoded.replaceAll(/[\x80-\xff]/g, ''))
  );
}
