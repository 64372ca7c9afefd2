import { Args } from '@oclif/core';
import { BaseCommand } from '@tracebloc/ingestor-cli';
import { renderTask, renderTasks } from '../output/tasks.js';
import { describeTasks, type TaskDescription } from '../services/tasks.js';

export default class Tasks extends BaseCommand {
  static override summary = 'List the installed tasks, or describe one with its options and layout.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> tabular_classification',
  ];
  static override args = { task: Args.string({ description: 'A task to describe.' }) };

  async run(): Promise<TaskDescription[]> {
    const { args } = await this.parse(Tasks);
    const tasks = await this.withTasks(false, async (installed) => describeTasks(installed, args.task));
    this.log(args.task === undefined ? renderTasks(tasks) : tasks.map(renderTask).join('\n\n'));
    return tasks;
  }
}
