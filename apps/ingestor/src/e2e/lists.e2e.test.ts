import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CatalogEntry, RunRow } from '@tracebloc/ingestor-storage';
import { documentOf, type Ended, GOOD_CSV, World, yamlOf } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';

/** Copies of a dataset and of its run. The servers allow this many steps of a recursive query. */
const COPIES = 900;

let world: World;
let session: CommandSession;

beforeAll(async () => {
  // Nobody else sends statements to a separate server.
  world = await World.start({ mariaDb: {} });
  session = new CommandSession(world.folder);
  await world.write('good.csv', GOOD_CSV);
  const config = await world.write('one.yaml', yamlOf({ table: 'one', csv: 'good.csv' }));
  expect((await session.run(['ingest', '--config', config], world.local)).code).toBe(0);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

/** Runs the command, and counts the SELECT statements that the server has received meanwhile. */
async function counted(args: readonly string[]): Promise<Ended & { statements: number }> {
  const before = await received();
  const ended = await session.run(args, world.local);
  return { ...ended, statements: (await received()) - before };
}

async function received(): Promise<number> {
  // `Questions` would count the end of a connection too, which the server may notice only after the command has ended.
  const [row] = await world.mariaDb.sql(`SHOW GLOBAL STATUS LIKE 'Com_select'`);
  return Number(row!.Value);
}

/** Copies the only row of a table of the ledger. `changes` are the SQL values of columns, which may name `i`, a number. */
async function copyRow(table: string, changes: Readonly<Record<string, string>>): Promise<void> {
  const name = `${world.database}.${table}`;
  const [row] = await world.mariaDb.sql(`SELECT * FROM ${name}`);
  const columns = Object.keys(row!).filter((column) => column !== 'seq');
  await world.mariaDb.sql(
    `INSERT INTO ${name} (${columns.join(', ')}) ` +
      `WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ${COPIES}) ` +
      `SELECT ${columns.map((column) => changes[column] ?? `one.${column}`).join(', ')} FROM ${name} AS one, n`,
  );
}

it('lists take as many statements for 900 datasets and runs as for one', async () => {
  const [run] = documentOf<RunRow[]>(await session.run(['runs', 'list', '--json'], world.local)) as [RunRow];
  const commands = [
    ['datasets', 'list'],
    ['datasets', 'list', '--limit', '1000'],
    ['datasets', 'list', '--json'],
    ['datasets', 'show', 'one'],
    ['datasets', 'show', 'nothing'],
    ['runs', 'list'],
    ['runs', 'list', '--table', 'one'],
    ['runs', 'list', '--json'],
    ['runs', 'list', '--abandoned'],
    ['runs', 'show', run.runId],
    ['runs', 'clean', '--dry-run'],
  ];
  const few: number[] = [];
  for (const command of commands) few.push((await counted(command)).statements);

  const id = `CONCAT('copy_', i)`;
  await copyRow('_ingestor_datasets', { table_name: id, run_id: id });
  await copyRow('_ingestor_runs', { table_name: id, run_id: id });
  const many: number[] = [];
  for (const command of commands) many.push((await counted(command)).statements);
  expect(many).toEqual(few);
  // Opening the database takes most of them.
  expect(Math.max(...few)).toBeLessThan(20);

  const datasets = documentOf<CatalogEntry[]>(await counted(['datasets', 'list', '--json']));
  expect(datasets).toHaveLength(COPIES + 1);
  expect(datasets.at(-1)).toEqual({ ...datasets[0], table: 'one', runId: run.runId });
  const runs = documentOf<RunRow[]>(await counted(['runs', 'list', '--json']));
  expect(runs).toHaveLength(COPIES + 1);
  expect(runs.at(-1)).toEqual({ ...run, table: `copy_${COPIES}`, runId: `copy_${COPIES}` });
});
