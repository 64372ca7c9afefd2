import { Command, Errors } from '@oclif/core';
import { ExitCode, IngestorError } from '@tracebloc/ingestor-contract';
import { errorJson, renderBug, renderError } from './output/error.js';
import { loadTasks, type InstalledTask } from './plugins/load-tasks.js';
import { withoutSecrets } from './secrets.js';
import { withTasks } from './services/install-plugin-offer.js';

/** What all commands share: `--json`, errors told alike, exit codes as documented. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;

  protected installedTasks(): Promise<InstalledTask[]> {
    return loadTasks(this.config);
  }

  /** Runs `work` with the installed tasks; a plugin that it finds missing is installed where that is wanted. */
  protected withTasks<T>(installMissing: boolean, work: (tasks: readonly InstalledTask[]) => Promise<T>): Promise<T> {
    return withTasks(this.config, { installMissing, tell: (text) => this.tell(text) }, work);
  }

  /** Text for people, on stderr, also with `--json`. */
  protected tell(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  protected override async catch(error: Error & { oclif?: { exit?: number } }): Promise<void> {
    if (error.oclif !== undefined) return this.catchUsage(error);
    process.exitCode = error instanceof IngestorError ? error.exitCode : ExitCode.failed;
    this.tell(withoutSecrets(error instanceof IngestorError ? renderError(error) : renderBug(error)));
    if (this.jsonEnabled()) this.logJson(errorJson(error, withoutSecrets));
  }

  /** oclif's own errors: wrong flags and arguments, which it words well, and `this.exit()`. */
  private async catchUsage(error: Error & { oclif?: { exit?: number } }): Promise<void> {
    if (error instanceof Errors.ExitError) throw error;
    process.exitCode = ExitCode.usage;
    const message = withoutSecrets(error.message);
    this.tell(`Error: ${message}`);
    if (this.jsonEnabled()) {
      this.logJson({ error: { code: 'wrong-usage', message, fix: [], exitCode: ExitCode.usage } });
    }
  }
}
