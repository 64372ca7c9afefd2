import type { Report } from '@tracebloc/ingestor-contract';
import { readSidecarFile, type SidecarFile, UnreadableError, decodeXml } from '@tracebloc/ingestor-dataset';
import { detectionFindings } from './findings.js';
import type { XmlElement } from './xml.js';

/** The most bytes of an annotation, enough for thousands of objects. A parsed file takes many times its size in memory. */
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * Reads an XML file and returns its root. Reports a file that is too large, not in the encoding that it states, or not XML,
 * and returns undefined.
 */
export async function readAnnotation(annotation: SidecarFile, report: Report): Promise<XmlElement | undefined> {
  const { shown: file, size } = annotation;
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
    return parseXml(await decodeXml(await readSidecarFile(annotation), !report.isFull('not-utf8')));
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
