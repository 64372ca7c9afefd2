export { compileCell, compileCheck, compileMissing } from './checks/cell.js';
export type { Check, ValueProblem } from './checks/problem.js';
export { timeFormat } from './checks/time.js';
export { DATASET_ERRORS } from './errors.js';
export { detectFolderEncoding } from './encoding/detect-folder.js';
export { decodeXml } from './encoding/xml.js';
export { type FindingCatalogue, type FindingDetails, defineFindings } from './findings/catalogue.js';
export { type ColumnSearch, reportUnlisted, resolveColumns } from './records/columns.js';
export {
  CLASS_FINDINGS,
  COLUMN_FINDINGS,
  FILE_FINDINGS,
  type DatasetFindingCode,
  LABEL_FINDINGS,
  READER_FINDINGS,
  TABLE_FINDINGS,
  TYPE_FINDINGS,
  UnreadableError,
  makeFinding,
  reportFinding,
} from './findings/findings.js';
export { WordedReport, wordTexts } from './findings/worded-report.js';
export { type CellLocation, ClassCheck, readKey, readLabel } from './records/labels.js';
export { FILE_CONCURRENCY, mapOrdered } from './files/parallel.js';
export { Pause } from './pause.js';
export { readSidecarFile, readSmallFile } from './files/small-file.js';
export {
  type ManifestChange,
  type ManifestReading,
  changeSince,
  describeChange,
  sourceChanged,
} from './manifest/reading.js';
export { BUILT_IN_FORMATS } from './manifest/formats.js';
export { reportByPart, rowInFile } from './manifest/part-rows.js';
export type { LayoutSource } from './manifest/layout-part.js';
export { type ManifestReader, openReader } from './manifest/reader.js';
export { type CollectedReport, createReport } from './findings/report.js';
export type { ReaderOptions, ReaderShard } from './manifest/types.js';
export { actualFormat } from './survey/actual-format.js';
export { constantWithin } from './survey/constant-within.js';
export { headerOf } from './survey/header-of.js';
export { inspectTable } from './survey/inspect-table.js';
export { findTables, surveyPath } from './survey/survey.js';
export {
  type LabelCheck,
  type OpenRecords,
  type RecordBatch,
  concludeRows,
  eachRow,
  openRecords,
  locationOf,
  readRecords,
} from './records/rows.js';
export { type FileRow, readFileRecords } from './records/file-records.js';
export { readOtherManifests } from './manifest/other-manifests.js';
export { FILENAME } from './records/filename.js';
export { type NamedFilesRule, readNamedFiles } from './records/named-files.js';
export {
  type ConvertibleFiles,
  type FileReference,
  type SidecarFile,
  SidecarFolder,
  checkPairs,
  folderUnreadable,
  reportRepeated,
} from './files/sidecar-folder.js';
export { checkTable } from './statistics/table-check.js';
export { tableTask } from './records/table-task.js';
export { type FileOptions, type FileTally, type FileTaskRule, fileTask } from './records/file-task.js';
export { compileColumnValue } from './records/column-value.js';
export { GroupStates, type PartialGroupStates } from './records/group-states.js';
export { type FilePair, type PairContents, type PairTaskRule, pairTask } from './records/pair-task.js';
export { PAIR_FINDINGS } from './records/partner-name.js';
export { numericTarget } from './records/target.js';
export { isLabelName, narrowLabels } from './survey/label-names.js';
export { type SurveyedFiles, labelsOf, surveyFiles, surveyNamedFiles } from './survey/survey-files.js';
export { TextSource } from './manifest/text-source.js';
export { SPLIT_FINDINGS } from './split/findings.js';
export type { TextSink } from './split/manifest-writer.js';
export { type ClassSplit, type SplitRequest, type SplitResult, splitManifest } from './split/split.js';
export { type DetectedFormat, detectFormat } from './survey/detect-format.js';
export { type DetectedTexts, type TextDetection, type TextFit, detectTexts } from './texts/detect.js';
export { FieldShape, type FieldRule } from './texts/fields.js';
export { fieldFindings, textFindings } from './texts/findings.js';
export { joinFields } from './texts/join.js';
export { FingerprintIndex } from './records/fingerprint-index.js';
export {
  DEFAULT_TEXT_EXTENSION,
  resolveText,
  TEXT_COLUMN,
  TEXT_EXTENSIONS,
  type TextOptions,
} from './texts/options.js';
export { isTag, wordCounter, wordsOf } from './texts/tags.js';
export { checkText, type TextShape } from './texts/text.js';
export { type TextPlace, type TextTaskRule, textTask } from './texts/text-task.js';
