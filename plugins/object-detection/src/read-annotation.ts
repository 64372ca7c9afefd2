import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Report } from '@tracebloc/ingestor-contract';
import { type SidecarFile, UnreadableError, decodeXml } from '@tracebloc/ingestor-dataset';
import { detectionFindings } from './findings.js';
import { type XmlElement, XmlError, parseXml } from './xml.js';

/** Bytes: thousands of objects. A larger file would take memory out of proportion once it is parsed. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Without waiting for somebody to write to what became a pipe since it was looked at. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Reads an XML and returns its root. Returns undefined after reporting a file that is too large, not in the
 * encoding that it states, or not XML.
 */
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
  try {
    return parseXml(await decodeXml(await readFile(path, { flag: READ }), !report.isFull('not-utf8')));
  } catch (error) {
    if (error instanceof XmlError) {
      const { code, message, line: row, value } = error;
      detectionFindings.report(report, code, () => ({ message, file, row, value }));
    } else if (error instanceof UnreadableError) {
      report.add({ ...error.finding, file });
    } else {
      throw error;
    }
    return undefined;
  }
}
