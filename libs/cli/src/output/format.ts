/** Formats a whole number: 1234567 as `1,234,567`. The first `toLocaleString` of a process takes 6 ms. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Returns `1 record`, `2 records`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Formats seconds as `0.4 s`, `12.3 s`, `4 min 05 s` or `2 h 10 min`. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Returns the time since a date as `42 s`, `5 min`, `3 h` or `2 d`. */
export function age(since: Date, now = Date.now()): string {
  const seconds = Math.max(0, Math.floor((now - since.getTime()) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** Formats the records per second. Returns `0` if no time has passed. */
export function rate(records: number, seconds: number): number {
  return seconds > 0 ? Math.round(records / seconds) : 0;
}

/** Says what a part of a list leaves out, with the flags that show the next part. Returns `undefined` for a whole list. */
export function renderRest(
  shown: number,
  total: number,
  { limit, offset = 0 }: { limit?: number; offset?: number },
  noun: string,
): string | undefined {
  if (shown === total) return undefined;
  if (shown === 0) return `No more: there ${total === 1 ? 'is' : 'are'} only ${plural(total, noun)}.`;
  const which = `${count(shown)} of ${plural(total, noun)}`;
  if (offset + shown >= total) return `${which}, the last ones.`;
  return `${which}. The next ones: --offset ${offset + shown}${limit === undefined ? '' : ` --limit ${limit}`}`;
}
