import { StringDecoder } from 'node:string_decoder';
import { printable, shared } from '@tracebloc/ingestor-core';

type Stream = NodeJS.WriteStream;
type Done = (error?: Error | null) => void;

/** Matches colours, bold, italics and underlines, and their ends, but nothing that hides text or moves the cursor. */
const STYLE = '(?:[0-4]|2[2-4]|[349][0-7]|39|49|[34]8;5;\\d{1,3}|[34]8;2;\\d{1,3};\\d{1,3};\\d{1,3})';
const STYLES = `\\u001b\\[(?:${STYLE}(?:;${STYLE})*)?m`;
/** Matches what moves the cursor, hides it or clears lines, as a prompt does. */
const MOVES = '\\u001b\\[(?:\\d*[A-GJK]|\\d*;\\d*H|\\?25[hl])';
const ONLY_STYLES = new RegExp(`(${STYLES})`);
const STYLES_AND_MOVES = new RegExp(`(${STYLES}|${MOVES})`);

interface Guard {
  /** The original stream, for what draws on a terminal. */
  terminal: Stream;
  /** The reason why written text has not arrived. */
  failure?: NodeJS.ErrnoException;
  /** Resolves once all that was written has arrived, or the stream has failed. */
  settled(): Promise<undefined>;
}

const state = shared('streams', () => ({ mayDraw: true, guards: new Map<Stream, Guard>() }));
const { guards } = state;

/**
 * From now on, all text on stdout and stderr is made `printable`, except for colours on a terminal. A stream that fails
 * does not end the process: later text is dropped, and `outputFailure` returns the reason.
 */
export function guardStreams(): void {
  for (const stream of [process.stdout, process.stderr]) if (!guards.has(stream)) guards.set(stream, guard(stream));
}

/** From now on, a terminal gets only text and colours. Before that oclif itself may ask and show progress. */
export function drawNoMore(): void {
  state.mayDraw = false;
}

/** Returns the original stream, for code that draws on a terminal and makes foreign text printable itself. */
export function terminalOf(stream: Stream): Stream {
  return guards.get(stream)?.terminal ?? stream;
}

/** Waits until all output was written. Returns why some has not arrived, or `undefined`, also if the reader closed the pipe. */
export async function outputFailure(): Promise<NodeJS.ErrnoException | undefined> {
  for (const state of guards.values()) await state.settled();
  const failure = guards.get(process.stdout)?.failure;
  return failure?.code === 'EPIPE' ? undefined : failure;
}

function guard(stream: Stream): Guard {
  const write = stream.write.bind(stream) as (text: string, done: Done) => boolean;
  const emit = stream.emit.bind(stream);
  // Node drops the callbacks of writes that wait behind a failed one, so that waiting for them alone could last for ever.
  const failed = Promise.withResolvers<undefined>();
  const fail = (error: Error) => {
    guarded.failure ??= error;
    failed.resolve(undefined);
  };
  const guarded: Guard = {
    terminal: Object.create(stream) as Stream,
    settled: () =>
      Promise.race([new Promise<undefined>((resolve) => void send('', () => resolve(undefined))), failed.promise]),
  };
  const send = (text: string, done?: Done): boolean => {
    const written = (error?: Error | null) => {
      if (error) fail(error);
      done?.();
    };
    if (guarded.failure) {
      process.nextTick(written);
      return true;
    }
    try {
      return write(text, written);
    } catch (error) {
      process.nextTick(written, error);
      return true;
    }
  };
  const decoder = new StringDecoder();
  const sender = (made: (text: string) => string) =>
    ((chunk: string | Uint8Array, encoding?: unknown, done?: Done) =>
      send(
        made(typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk))),
        typeof encoding === 'function' ? (encoding as Done) : done,
      )) as Stream['write'];
  guarded.terminal.write = sender((text) => text);
  stream.write = sender(hasStyles(stream) ? (text) => styledPrintable(text, state.mayDraw) : printable);
  // A listener, such as that of oclif, would end the process.
  stream.emit = ((event: string | symbol, ...args: unknown[]) => {
    if (event !== 'error') return emit(event, ...args);
    fail(args[0] as Error);
    return true;
  }) as Stream['emit'];
  return guarded;
}

/** Makes text printable except for colours, and for what draws if `mayDraw` allows that. Exported for its test. */
export function styledPrintable(text: string, isDrawn = false): string {
  return text
    .split(isDrawn ? STYLES_AND_MOVES : ONLY_STYLES)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('');
}

/** Decides by the same rule as oclif. */
function hasStyles(stream: Stream): boolean {
  const { FORCE_COLOR: forced = '' } = process.env;
  return stream.isTTY || (forced !== '' && forced !== '0');
}
