import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Report } from '@tracebloc/ingestor-contract';
import { type SidecarFile, reportFinding } from '@tracebloc/ingestor-dataset';
import { detectionFindings } from './findings.js';
import type { XmlElement } from './xml.js';

/** The most bytes of an annotation, enough for thousands of objects. A parsed file takes many times its size in memory. */
const MAX_BYTES = 2 * 1024 * 1024;

/** O_NONBLOCK: the path may have become a pipe since it was checked, and nobody may write to it. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK;

/** Reads an XML file and returns its root. Reports a file that is too large, not UTF-8 or not XML, and returns undefined. */
export async function readAnnotation(
  { path, shown: file, size }: SidecarFile,
  report: Report,
): Promise<XmlElement | undefined> {
  if (size > MAX_BYTES) {
    detectionFindings.report(report, 'annotation-too-large', () => {
      const message = 'The file was not read, since it is too large for an annotation.';
      return { message, file, value: `${size} bytes`, expected: `at most ${MAX_BYTES} bytes` };
    });
    return undefined;
  }
  // Its parser is loaded when the first annotation is read, not whenever the plugin's tasks are listed.
  const { XmlError, parseXml } = await import('./xml.js');
  try {
    return parseXml(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path, { flag: READ })));
  } catch (error) {
    if (error instanceof XmlError) {
      const { code, message, line: row, value } = error;
      detectionFindings.report(report, code, () => ({ message, file, row, value }));
    } else if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      reportFinding(report, 'not-utf8', () => ({ message: 'The file is not UTF-8 text.', file }));
    } else {
      throw error;
    }
    return undefined;
  }
}
