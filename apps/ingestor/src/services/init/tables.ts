import type { SurveyedOption, TableFormat } from '@tracebloc/ingestor-contract';
import { IngestorError } from '@tracebloc/ingestor-core';
import { createReport, surveyPath } from '@tracebloc/ingestor-dataset';
import type { InstalledTask } from '@tracebloc/ingestor-cli';
import { OpenQuestions, type Question } from './ask.js';
import { type Answers, chooseLabel, choosePolicy, chooseTask } from './choose.js';

/** The most tables that are read to know the questions after that for the table. */
const MAX_TABLES = 5;

/** A table that may be chosen: a file of a folder, or a sheet of a workbook. */
export interface PossibleTable {
  path: string;
  /** The name with which its questions begin. */
  name: string;
  /** The options of the table's format. */
  options?: readonly SurveyedOption[];
}

interface TableQuestions {
  installed: readonly InstalledTask[];
  answers: Answers;
  /** The table formats of the plugins. */
  formats: readonly TableFormat[];
  signal: AbortSignal;
}

/**
 * Returns the questions that come after that for the table, since nobody can be asked for it. A question is asked once if
 * all tables leave it open alike, and otherwise for each table.
 */
export async function questionsPerTable(
  tables: readonly PossibleTable[],
  { installed, answers, formats, signal }: TableQuestions,
): Promise<Question[]> {
  if (tables.length > MAX_TABLES) return [];
  const found: { name: string; question: Question }[] = [];
  for (const { path, name, options } of tables) {
    const report = createReport();
    const survey = await surveyPath(path, signal, report, formats, options);
    if (report.errors > 0) continue;
    const open = new OpenQuestions(async () => undefined);
    try {
      const { readings } = await chooseTask(installed, survey, answers, open.ask);
      await chooseLabel(readings, answers, open.ask);
      await choosePolicy(readings, answers, open.ask);
    } catch (error) {
      // A table that fits no task leaves nothing open. If it is chosen, the run after this one says why.
      if (!(error instanceof IngestorError)) throw error;
    }
    found.push(...open.list.map((question) => ({ name, question })));
  }
  const alike = Map.groupBy(found, ({ question }) => JSON.stringify(question));
  return [...alike.values()].map((ones) => {
    const { name, question } = ones[0]!;
    return ones.length === tables.length ? question : { ...question, asks: `${name}: ${question.asks}` };
  });
}
